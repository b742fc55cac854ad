-- Slots that orders of the frozen zone left, so that the next order like them is offered each.

CREATE TABLE earnest.freed_slot (
    buyer_id text COLLATE "C" NOT NULL CHECK (octet_length(buyer_id) = 16),
    order_id text COLLATE "C" NOT NULL CHECK (octet_length(order_id) = 16),
    plant text COLLATE "C" NOT NULL CHECK (plant <> ''),
    week text COLLATE "C" NOT NULL CHECK (week <> ''),
    PRIMARY KEY (buyer_id, order_id, plant, week)
);
COMMENT ON TABLE earnest.freed_slot IS
    'Slots inside the frozen zone that an order left and nobody has; derived from the order and replaced with it.';
