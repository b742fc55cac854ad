-- What became of promises: each is judged once, when its car is tendered, and calibrates the next.

CREATE TABLE earnest.promise_outcome (
    buyer_id text COLLATE "C" NOT NULL CHECK (octet_length(buyer_id) = 16),
    order_id text COLLATE "C" NOT NULL CHECK (octet_length(order_id) = 16),
    given_on date NOT NULL,
    lane_group text COLLATE "C" NOT NULL CHECK (lane_group <> ''),
    lead_days integer NOT NULL,
    days integer NOT NULL,
    counts_from date NOT NULL,
    PRIMARY KEY (buyer_id, order_id, given_on)
);
COMMENT ON TABLE earnest.promise_outcome IS
    'By how many days the car of a promise came late (early below zero), the lead it had, and from which day on that counts. Written with the tender; append-only.';

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON earnest.promise_outcome
    FOR EACH STATEMENT EXECUTE FUNCTION earnest.refuse_change();
ALTER TABLE earnest.promise_outcome ENABLE ALWAYS TRIGGER append_only;

-- Few cars are refused, and those who look for a refused one read these alone.
CREATE INDEX inspection_refused ON earnest.inspection (buyer_id, order_id) WHERE result = 'refused';
