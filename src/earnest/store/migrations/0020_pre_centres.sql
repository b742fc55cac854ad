-- Delivery centres, and which order goes to which with which bay at which time.
--
-- A centre is a document that its keepers change; appointments that were booked stay as they are.
-- That a bay is given once is decided under the centre's lock; the trigger is the second opinion.

CREATE TABLE earnest.centre (
    centre_id text COLLATE "C" PRIMARY KEY CHECK (centre_id <> ''),
    bays smallint NOT NULL CHECK (bays >= 1),
    body json NOT NULL,
    changed_by text COLLATE "C" NOT NULL CHECK (changed_by <> ''),
    changed_at timestamptz NOT NULL
);
COMMENT ON TABLE earnest.centre IS 'Where cars are inspected and handed over; one row for each.';

CREATE TABLE earnest.delivery (
    buyer_id text COLLATE "C" NOT NULL CHECK (octet_length(buyer_id) = 16),
    order_id text COLLATE "C" NOT NULL CHECK (octet_length(order_id) = 16),
    centre_id text COLLATE "C" NOT NULL CHECK (centre_id <> ''),
    bay smallint CHECK (bay >= 1),
    begins timestamptz,
    ends timestamptz,
    PRIMARY KEY (buyer_id, order_id),
    CONSTRAINT an_appointment_has_a_bay_and_a_time CHECK (num_nulls(bay, begins, ends) IN (0, 3)),
    CONSTRAINT an_appointment_ends_after_it_begins CHECK (begins < ends)
);
COMMENT ON TABLE earnest.delivery IS
    'The centre to which an order''s car goes, and the bay and time booked there; derived from the order and replaced with it.';

CREATE INDEX delivery_by_centre ON earnest.delivery (centre_id, ends);

CREATE FUNCTION earnest.refuse_taken_bay() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    bays_there smallint;
BEGIN
    SELECT c.bays INTO bays_there FROM earnest.centre AS c
    WHERE c.centre_id = NEW.centre_id FOR UPDATE;
    IF bays_there IS NULL OR NEW.bay > bays_there OR EXISTS (
        SELECT FROM earnest.delivery AS d
        WHERE d.centre_id = NEW.centre_id AND d.bay = NEW.bay
            AND (d.buyer_id, d.order_id) <> (NEW.buyer_id, NEW.order_id)
            AND d.begins < NEW.ends AND NEW.begins < d.ends
    ) THEN
        RAISE EXCEPTION 'bay % of % is not free from % to %',
            NEW.bay, NEW.centre_id, NEW.begins, NEW.ends
            USING ERRCODE = 'restrict_violation',
                  HINT = 'A centre never has more appointments at the same time than bays.';
    END IF;
    RETURN NULL;
END;
$$;

CREATE TRIGGER a_bay_is_given_once AFTER INSERT ON earnest.delivery
    FOR EACH ROW WHEN (NEW.bay IS NOT NULL)
    EXECUTE FUNCTION earnest.refuse_taken_bay();
ALTER TABLE earnest.delivery ENABLE ALWAYS TRIGGER a_bay_is_given_once;
