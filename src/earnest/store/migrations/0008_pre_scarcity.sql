-- Scarcity: units of an edition, who waits for one, and what one person holds.

ALTER TABLE earnest.queue
    ADD COLUMN units_taken bigint CHECK (units_taken >= 0),
    ADD COLUMN units_waiting bigint CHECK (units_waiting >= 0),
    ADD COLUMN units_limit bigint CHECK (units_limit >= 1),
    ADD CONSTRAINT queue_never_sells_more_than_its_units CHECK (units_taken <= units_limit),
    ADD CONSTRAINT queue_counts_both_or_neither
        CHECK ((units_taken IS NULL) = (units_waiting IS NULL));
COMMENT ON COLUMN earnest.queue.units_taken IS
    'Orders that hold a unit of the edition. Empty until the queue has an edition; kept under the lock of this row, once per group.';

CREATE TABLE earnest.allotment (
    buyer_id text COLLATE "C" NOT NULL,
    order_id text COLLATE "C" NOT NULL,
    queue_id text COLLATE "C" NOT NULL,
    rank bigint NOT NULL CHECK (rank >= 1),
    state text COLLATE "C" NOT NULL CHECK (state IN ('held', 'waiting')),
    person text COLLATE "C" CHECK (person <> ''),
    PRIMARY KEY (buyer_id, order_id)
);
COMMENT ON TABLE earnest.allotment IS
    'Orders of an edition that hold a unit or wait for one; derived from the order and written with it, under the lock of the queue. person is a digest that means nothing outside the queue.';

CREATE INDEX allotment_waiting ON earnest.allotment (queue_id, rank) WHERE state = 'waiting';
CREATE INDEX allotment_of_person ON earnest.allotment (queue_id, person) WHERE person IS NOT NULL;
