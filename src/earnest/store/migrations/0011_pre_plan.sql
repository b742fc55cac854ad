-- Capacity and plans: every version is kept, one pointer says which plan is published.
--
-- A plan run writes all its rows and moves the pointer in one transaction, so hundreds of thousands
-- of orders change together or not at all. Rows of orders start with buyer_id like all others.

CREATE TABLE earnest.capacity_version (
    capacity_version integer PRIMARY KEY CHECK (capacity_version >= 1),
    digest text COLLATE "C" NOT NULL CHECK (digest <> ''),
    begins date NOT NULL,
    ends date NOT NULL,
    body json NOT NULL,
    actor text COLLATE "C" NOT NULL CHECK (actor <> ''),
    key text COLLATE "C" NOT NULL CHECK (key <> ''),
    content_hash text COLLATE "C" NOT NULL CHECK (content_hash <> ''),
    published_at timestamptz NOT NULL,
    UNIQUE (actor, key),
    CONSTRAINT capacity_ends_after_it_begins CHECK (begins < ends)
);
COMMENT ON TABLE earnest.capacity_version IS
    'What all plants can build, as published. Append-only; the newest one counts.';

CREATE TABLE earnest.plan_version (
    plan_version integer PRIMARY KEY CHECK (plan_version >= 1),
    capacity_version integer NOT NULL REFERENCES earnest.capacity_version,
    digest text COLLATE "C" NOT NULL CHECK (digest <> ''),
    basis json NOT NULL,
    summary json NOT NULL,
    frozen_until date NOT NULL,
    actor text COLLATE "C" NOT NULL CHECK (actor <> ''),
    key text COLLATE "C" NOT NULL CHECK (key <> ''),
    content_hash text COLLATE "C" NOT NULL CHECK (content_hash <> ''),
    published_at timestamptz NOT NULL,
    UNIQUE (actor, key)
);
COMMENT ON TABLE earnest.plan_version IS 'A plan that was applied, with what it was made from. Append-only.';

CREATE TABLE earnest.plan_slot (
    buyer_id text COLLATE "C" NOT NULL CHECK (octet_length(buyer_id) = 16),
    order_id text COLLATE "C" NOT NULL CHECK (octet_length(order_id) = 16),
    plan_version integer NOT NULL CHECK (plan_version >= 1),
    queue_id text COLLATE "C" NOT NULL,
    plant text COLLATE "C",
    line text COLLATE "C",
    day date,
    arrives date,
    previous_day date,
    cause text COLLATE "C",
    resource text COLLATE "C",
    breaks_promise boolean NOT NULL DEFAULT false,
    PRIMARY KEY (buyer_id, order_id, plan_version),
    CONSTRAINT a_place_has_plant_line_and_days CHECK (
        num_nulls(plant, line, day, arrives) IN (0, 4)
    )
);
COMMENT ON TABLE earnest.plan_slot IS
    'Where an order stands in a plan version, or that it stands nowhere, and the one cause of a change. Append-only.';

CREATE INDEX plan_slot_by_version ON earnest.plan_slot (plan_version, buyer_id, order_id);

CREATE TABLE earnest.published_plan (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    plan_version integer NOT NULL REFERENCES earnest.plan_version
);
COMMENT ON TABLE earnest.published_plan IS 'The pointer to the plan that counts: one row.';

CREATE TABLE earnest.plan_carried_out (
    plan_version integer PRIMARY KEY REFERENCES earnest.plan_version,
    carried_out_at timestamptz NOT NULL
);
COMMENT ON TABLE earnest.plan_carried_out IS
    'Plans whose commands (into the frozen zone, revised promises) were all given. Append-only.';

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON earnest.capacity_version
    FOR EACH STATEMENT EXECUTE FUNCTION earnest.refuse_change();
ALTER TABLE earnest.capacity_version ENABLE ALWAYS TRIGGER append_only;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON earnest.plan_version
    FOR EACH STATEMENT EXECUTE FUNCTION earnest.refuse_change();
ALTER TABLE earnest.plan_version ENABLE ALWAYS TRIGGER append_only;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON earnest.plan_slot
    FOR EACH STATEMENT EXECUTE FUNCTION earnest.refuse_change();
ALTER TABLE earnest.plan_slot ENABLE ALWAYS TRIGGER append_only;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON earnest.plan_carried_out
    FOR EACH STATEMENT EXECUTE FUNCTION earnest.refuse_change();
ALTER TABLE earnest.plan_carried_out ENABLE ALWAYS TRIGGER append_only;
