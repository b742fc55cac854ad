-- Waiting rooms: who joined a launch, in which order they are let in, and the draw that says so.

CREATE TABLE earnest.waiting_room (
    launch text COLLATE "C" PRIMARY KEY CHECK (launch <> ''),
    commitment text COLLATE "C" NOT NULL CHECK (commitment ~ '^[0-9a-f]{64}$'),
    committed_at timestamptz NOT NULL,
    closed_at timestamptz,
    entries integer CHECK (entries >= 0),
    entries_digest text COLLATE "C" CHECK (entries_digest ~ '^[0-9a-f]{64}$'),
    revealed_at timestamptz,
    seed text COLLATE "C" CHECK (seed ~ '^[0-9a-f]{64}$'),
    public_value text NOT NULL DEFAULT '',
    numbers bigint NOT NULL DEFAULT 0,
    slots bigint NOT NULL DEFAULT 0,
    free_from timestamptz,
    CONSTRAINT entries_are_fixed_when_closed CHECK (
        (closed_at IS NULL) = (entries IS NULL) AND (closed_at IS NULL) = (entries_digest IS NULL)
    ),
    CONSTRAINT seed_is_shown_when_entries_are_fixed CHECK (
        (revealed_at IS NULL) = (seed IS NULL) AND (revealed_at IS NULL OR closed_at IS NOT NULL)
    ),
    CONSTRAINT seed_is_the_committed_one CHECK (
        commitment = encode(
            sha256(convert_to('earnest/seed/v1' || chr(10) || launch || chr(10) || seed || chr(10), 'UTF8')),
            'hex'
        )
    )
);
COMMENT ON TABLE earnest.waiting_room IS
    'One row for each launch that lets people in by a rule: its counters, and its draw. What was committed, fixed or shown never changes.';

CREATE TABLE earnest.waiting_place (
    buyer_id text COLLATE "C" NOT NULL,
    launch text COLLATE "C" NOT NULL REFERENCES earnest.waiting_room,
    entry text COLLATE "C" NOT NULL CHECK (entry <> ''),
    number bigint NOT NULL CHECK (number >= 1),
    joined_at timestamptz NOT NULL,
    slot bigint CHECK (slot >= 1),
    let_in_at timestamptz,
    drawn_slot bigint CHECK (drawn_slot >= 1),
    PRIMARY KEY (buyer_id, launch)
);
COMMENT ON TABLE earnest.waiting_place IS
    'A buyer in the waiting room of a launch. Joining again after the time of an admission passed gives a new number and slot.';

CREATE INDEX waiting_place_by_number ON earnest.waiting_place (launch, number);

CREATE FUNCTION earnest.refuse_other_draw() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the draw of % is refused another course', NEW.launch
        USING ERRCODE = 'restrict_violation',
              HINT = 'What was committed, fixed or shown of a draw never changes, and numbers only rise.';
END;
$$;

CREATE TRIGGER draw_takes_its_course BEFORE UPDATE ON earnest.waiting_room
    FOR EACH ROW WHEN (
        NEW.launch <> OLD.launch OR NEW.commitment <> OLD.commitment
        OR NEW.committed_at <> OLD.committed_at
        OR (OLD.closed_at IS NOT NULL AND (NEW.closed_at, NEW.entries, NEW.entries_digest)
            IS DISTINCT FROM (OLD.closed_at, OLD.entries, OLD.entries_digest))
        OR (OLD.revealed_at IS NOT NULL AND (NEW.revealed_at, NEW.seed, NEW.public_value)
            IS DISTINCT FROM (OLD.revealed_at, OLD.seed, OLD.public_value))
        OR NEW.numbers < OLD.numbers OR NEW.slots < OLD.slots
    )
    EXECUTE FUNCTION earnest.refuse_other_draw();
ALTER TABLE earnest.waiting_room ENABLE ALWAYS TRIGGER draw_takes_its_course;

CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON earnest.waiting_room
    FOR EACH STATEMENT EXECUTE FUNCTION earnest.refuse_change();
ALTER TABLE earnest.waiting_room ENABLE ALWAYS TRIGGER append_only;
