-- The spine: orders, their events and money, deadlines, commands, and what is on sale.
--
-- Every table that grows with orders starts its primary key with buyer_id, has no unique
-- constraint without it and refers only to rows of the same order, so that the tables can be
-- spread over machines by buyer later. Facts are append-only for everybody, the owner included.
--
-- Bodies of orders, events and answers are json, not jsonb: they are read whole and kept as they
-- were written, and taking jsonb apart cost a third of the time of a group.

CREATE SCHEMA people;

COMMENT ON SCHEMA earnest IS 'Facts and rows about orders. No personal data: people appear as ids.';
COMMENT ON SCHEMA people IS 'All personal data, and nothing else. Erasing a person touches only this schema.';


-- What is on sale --------------------------------------------------------------------------

CREATE TABLE earnest.queue (
    queue_id text COLLATE "C" PRIMARY KEY CHECK (queue_id <> ''),
    model_line text NOT NULL,
    market text NOT NULL,
    time_zone text NOT NULL,
    next_rank bigint NOT NULL DEFAULT 1 CHECK (next_rank >= 1)
);
COMMENT ON TABLE earnest.queue IS 'Model line and market. next_rank is the only hot row: read and raised once per group.';

CREATE TABLE earnest.terms_version (
    terms_hash text COLLATE "C" PRIMARY KEY CHECK (terms_hash <> ''),
    version text NOT NULL,
    body jsonb NOT NULL CHECK (jsonb_typeof(body) = 'object'),
    published_at timestamptz NOT NULL
);
COMMENT ON TABLE earnest.terms_version IS 'Text and numbers of one version of the terms, under the digest of both; never changed once published.';

CREATE TABLE earnest.catalogue_version (
    catalogue_hash text COLLATE "C" PRIMARY KEY CHECK (catalogue_hash <> ''),
    version text NOT NULL,
    body jsonb NOT NULL CHECK (jsonb_typeof(body) = 'object'),
    published_at timestamptz NOT NULL
);
COMMENT ON TABLE earnest.catalogue_version IS 'Models, options, rules and prices of one version, under the digest of all; never changed once published.';

CREATE TABLE earnest.offer (
    queue_id text COLLATE "C" NOT NULL REFERENCES earnest.queue,
    terms_hash text COLLATE "C" NOT NULL REFERENCES earnest.terms_version,
    catalogue_hash text COLLATE "C" NOT NULL REFERENCES earnest.catalogue_version,
    opens_at timestamptz NOT NULL,
    closes_at timestamptz,
    PRIMARY KEY (queue_id, opens_at),
    CHECK (closes_at > opens_at)
);
COMMENT ON TABLE earnest.offer IS 'What a queue sells, under which terms and prices, in [opens_at, closes_at).';


-- Orders and their facts -------------------------------------------------------------------

CREATE TABLE earnest.orders (
    buyer_id text COLLATE "C" NOT NULL CHECK (octet_length(buyer_id) = 16),
    order_id text COLLATE "C" NOT NULL CHECK (octet_length(order_id) = 16),
    queue_id text COLLATE "C" NOT NULL,
    rank bigint NOT NULL CHECK (rank >= 1),
    stage text COLLATE "C" NOT NULL CHECK (stage IN (
        'reserved', 'deposited', 'locked', 'scheduled', 'built', 'in_transit', 'tendered',
        'inspected', 'paid', 'handed_over', 'closed',
        'withdrawn', 'cancelled', 'terminated', 'lapsed'
    )),
    sequence integer NOT NULL CHECK (sequence >= 1),
    terms_hash text COLLATE "C" NOT NULL,
    catalogue_hash text COLLATE "C" NOT NULL,
    price_minor bigint NOT NULL CHECK (price_minor > 0),
    currency char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    vin text COLLATE "C" CHECK (octet_length(vin) = 17),
    reserved_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    state json NOT NULL,
    later_stage text COLLATE "C" GENERATED ALWAYS AS (
        CASE WHEN stage NOT IN ('reserved', 'deposited', 'locked') THEN stage END
    ) STORED,
    PRIMARY KEY (buyer_id, order_id)
) WITH (fillfactor = 50);
COMMENT ON TABLE earnest.orders IS 'The fold of an order''s events, for reading and deciding. sequence is that of its last event.';
COMMENT ON COLUMN earnest.orders.later_stage IS
    'The stage once an order has left the first three. Indexed in place of stage, so that a deposit or a lock changes no indexed column. With half of each page left free, such a change is written beside the old row and touches no index: twice as fast, with a sixth of the log.';

CREATE INDEX orders_by_id ON earnest.orders (order_id);
CREATE INDEX orders_by_rank ON earnest.orders (queue_id, rank);
CREATE INDEX orders_by_later_stage ON earnest.orders (later_stage, buyer_id, order_id)
    WHERE later_stage IS NOT NULL;
CREATE INDEX orders_by_vin ON earnest.orders (vin) WHERE vin IS NOT NULL;

CREATE TABLE earnest.event (
    buyer_id text COLLATE "C" NOT NULL,
    order_id text COLLATE "C" NOT NULL,
    sequence integer NOT NULL CHECK (sequence >= 1),
    kind text COLLATE "C" NOT NULL CHECK (kind <> ''),
    body json NOT NULL,
    actor text COLLATE "C" NOT NULL CHECK (actor <> ''),
    command_key text COLLATE "C" NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (buyer_id, order_id, sequence)
);
COMMENT ON TABLE earnest.event IS 'What happened to an order, numbered from 1. Append-only.';

-- A reservation with all its acknowledgements is over 2 kB, which PostgreSQL would compress: a
-- third of the time of writing events, to save a third of their space.
ALTER TABLE earnest.event ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE TABLE earnest.posting (
    buyer_id text COLLATE "C" NOT NULL,
    order_id text COLLATE "C" NOT NULL,
    sequence integer NOT NULL,
    line smallint NOT NULL CHECK (line >= 1),
    debit text COLLATE "C" NOT NULL CHECK (debit <> ''),
    credit text COLLATE "C" NOT NULL CHECK (credit <> ''),
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    currency char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    PRIMARY KEY (buyer_id, order_id, sequence, line),
    FOREIGN KEY (buyer_id, order_id, sequence) REFERENCES earnest.event,
    CONSTRAINT posting_moves_between_two_accounts CHECK (debit <> credit)
);
COMMENT ON TABLE earnest.posting IS
    'One positive amount from one account to another, caused by one event. Each row sums to zero by its shape, so every entry does. Append-only.';

CREATE TABLE earnest.tender (
    buyer_id text COLLATE "C" NOT NULL,
    order_id text COLLATE "C" NOT NULL,
    tender_number smallint NOT NULL CHECK (tender_number >= 1),
    vin text COLLATE "C" NOT NULL CHECK (octet_length(vin) = 17),
    place text NOT NULL CHECK (place <> ''),
    sequence integer NOT NULL,
    PRIMARY KEY (buyer_id, order_id, tender_number),
    FOREIGN KEY (buyer_id, order_id, sequence) REFERENCES earnest.event
);
COMMENT ON TABLE earnest.tender IS 'The identified car is at the agreed place. Append-only.';

CREATE TABLE earnest.inspection (
    buyer_id text COLLATE "C" NOT NULL,
    order_id text COLLATE "C" NOT NULL,
    tender_number smallint NOT NULL,
    result text COLLATE "C" NOT NULL CHECK (result IN ('accepted', 'accepted_with_remarks', 'refused')),
    passed boolean NOT NULL GENERATED ALWAYS AS (result <> 'refused') STORED,
    confirmed_by text COLLATE "C" NOT NULL CHECK (confirmed_by <> ''),
    sequence integer NOT NULL,
    PRIMARY KEY (buyer_id, order_id, tender_number),
    UNIQUE (buyer_id, order_id, tender_number, passed),
    FOREIGN KEY (buyer_id, order_id, tender_number) REFERENCES earnest.tender,
    FOREIGN KEY (buyer_id, order_id, sequence) REFERENCES earnest.event
);
COMMENT ON TABLE earnest.inspection IS 'Buyer and seller looked at the tendered car together. Append-only.';

CREATE TABLE earnest.balance_demand (
    buyer_id text COLLATE "C" NOT NULL,
    order_id text COLLATE "C" NOT NULL,
    tender_number smallint NOT NULL,
    passed boolean NOT NULL DEFAULT true,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    currency char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    due_at timestamptz NOT NULL,
    sequence integer NOT NULL,
    PRIMARY KEY (buyer_id, order_id, sequence),
    FOREIGN KEY (buyer_id, order_id, sequence) REFERENCES earnest.event,
    CONSTRAINT balance_demand_only_after_passed_inspection CHECK (passed),
    CONSTRAINT balance_demand_names_inspected_car
        FOREIGN KEY (buyer_id, order_id, tender_number, passed)
        REFERENCES earnest.inspection (buyer_id, order_id, tender_number, passed)
);
COMMENT ON TABLE earnest.balance_demand IS
    'The balance is asked for. Cannot exist without a passed inspection of an identified car (DESIGN section 1, promise 1). Append-only.';

CREATE TABLE earnest.deadline (
    buyer_id text COLLATE "C" NOT NULL,
    order_id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL CHECK (kind <> ''),
    due_at timestamptz NOT NULL,
    PRIMARY KEY (buyer_id, order_id, kind, due_at)
);
COMMENT ON TABLE earnest.deadline IS 'When time itself will act on an order; derived from the order and replaced with it.';

CREATE INDEX deadline_by_due_at ON earnest.deadline (due_at);

CREATE TABLE earnest.command (
    buyer_id text COLLATE "C" NOT NULL,
    actor text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL CHECK (key <> ''),
    content_hash text COLLATE "C" NOT NULL CHECK (content_hash <> ''),
    order_id text COLLATE "C",
    answer json NOT NULL,
    decided_at timestamptz NOT NULL,
    PRIMARY KEY (buyer_id, actor, key)
);
COMMENT ON TABLE earnest.command IS 'Idempotency keys with the first answer, so that a repeated request gets it again. Append-only.';


-- The world outside ------------------------------------------------------------------------

CREATE TABLE earnest.inbox (
    provider text COLLATE "C" NOT NULL CHECK (provider <> ''),
    event_id text COLLATE "C" NOT NULL CHECK (event_id <> ''),
    buyer_id text COLLATE "C",
    order_id text COLLATE "C",
    kind text COLLATE "C" NOT NULL,
    body text NOT NULL,
    received_at timestamptz NOT NULL,
    outcome text COLLATE "C",
    PRIMARY KEY (provider, event_id)
);
COMMENT ON TABLE earnest.inbox IS 'What providers told us, once per provider and event. outcome is empty until it was dealt with.';

CREATE TABLE earnest.webhook_endpoint (
    endpoint_id text COLLATE "C" PRIMARY KEY CHECK (endpoint_id <> ''),
    url text NOT NULL CHECK (url ~ '^https?://'),
    secret_reference text NOT NULL CHECK (secret_reference <> ''),
    kinds text[] NOT NULL DEFAULT '{}',
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL
);
COMMENT ON TABLE earnest.webhook_endpoint IS
    'Where messages go out to. secret_reference names the secret; the secret itself is not in the database. No kinds means all.';

CREATE TABLE earnest.demo_clock (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    offset_seconds bigint NOT NULL CHECK (offset_seconds >= 0)
);
COMMENT ON TABLE earnest.demo_clock IS 'How far a demonstration has moved its time forward. Empty outside demonstrations.';

CREATE TABLE earnest.procrastinate_migration (
    name text COLLATE "C" PRIMARY KEY
);
COMMENT ON TABLE earnest.procrastinate_migration IS 'Which steps of the job library''s own schema are in this database.';


-- People -----------------------------------------------------------------------------------

CREATE TABLE people.buyer (
    buyer_id text COLLATE "C" PRIMARY KEY CHECK (octet_length(buyer_id) = 16),
    name text NOT NULL,
    email text,
    phone text,
    language text NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE people.staff (
    staff_id text COLLATE "C" PRIMARY KEY CHECK (staff_id <> ''),
    name text NOT NULL,
    email text NOT NULL,
    roles text[] NOT NULL DEFAULT '{}',
    active boolean NOT NULL DEFAULT true
);

CREATE TABLE people.admission (
    actor_id text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    content_hash text COLLATE "C" NOT NULL,
    admitted_at timestamptz NOT NULL,
    PRIMARY KEY (actor_id, key)
);
COMMENT ON TABLE people.admission IS 'Requests that registered buyers, by their idempotency keys.';


-- What nobody may do, the owner included ---------------------------------------------------

CREATE FUNCTION earnest.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%.% is append-only: % is refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation',
              HINT = 'Facts are corrected by later facts; see DESIGN section 4.';
END;
$$;

DO $$
DECLARE
    fact text;
BEGIN
    FOREACH fact IN ARRAY ARRAY[
        'terms_version', 'catalogue_version', 'event', 'posting', 'tender', 'inspection',
        'balance_demand', 'command'
    ] LOOP
        EXECUTE format(
            'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON earnest.%I '
            'FOR EACH STATEMENT EXECUTE FUNCTION earnest.refuse_change()', fact);
        EXECUTE format('ALTER TABLE earnest.%I ENABLE ALWAYS TRIGGER append_only', fact);
    END LOOP;
END;
$$;

CREATE FUNCTION earnest.refuse_lower_rank() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rank % of queue % was given out already', NEW.next_rank, NEW.queue_id
        USING ERRCODE = 'restrict_violation',
              HINT = 'A rank is given once; the counter of a queue only rises.';
END;
$$;

CREATE TRIGGER rank_only_rises BEFORE UPDATE OF next_rank ON earnest.queue
    FOR EACH ROW WHEN (NEW.next_rank < OLD.next_rank)
    EXECUTE FUNCTION earnest.refuse_lower_rank();
ALTER TABLE earnest.queue ENABLE ALWAYS TRIGGER rank_only_rises;

CREATE FUNCTION earnest.expect_rows(changed bigint, expected bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
BEGIN
    IF changed <> expected THEN
        RAISE EXCEPTION '% of % rows were as the group had loaded them', changed, expected
            USING ERRCODE = 'assert_failure',
                  HINT = 'The rows were locked, so this is a defect; the group was not saved.';
    END IF;
    RETURN changed;
END;
$$;
