-- The people of the house: staff as kept records, their second factor, sessions that can be ended,
-- what staff did beside orders, and addresses that are told of events.
--
-- The two indexes on events hold those of staff only: a launch, whose events are buyers' and the
-- provider's, pays nothing for them.

ALTER TABLE people.staff
    ADD COLUMN language text COLLATE "C" NOT NULL DEFAULT 'zh-Hans',
    ADD COLUMN is_demo boolean NOT NULL DEFAULT false,
    ADD COLUMN invited_by text COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN joined_at timestamptz;
CREATE UNIQUE INDEX staff_by_email ON people.staff (lower(email)) WHERE active AND email <> '';
COMMENT ON TABLE people.staff IS
    'Whoever works for the seller. Invited until joined_at; nobody is removed, because what they did stays.';

CREATE TABLE people.invitation (
    staff_id text COLLATE "C" PRIMARY KEY REFERENCES people.staff,
    digest text COLLATE "C" NOT NULL UNIQUE CHECK (octet_length(digest) = 64),
    lapses_at timestamptz NOT NULL
);
COMMENT ON TABLE people.invitation IS
    'A link that was mailed and not used yet, only as a digest; gone once it was used.';

CREATE TABLE people.role_wish (
    staff_id text COLLATE "C" NOT NULL REFERENCES people.staff,
    role text COLLATE "C" NOT NULL CHECK (role <> ''),
    asked_by text COLLATE "C" NOT NULL CHECK (asked_by <> ''),
    asked_at timestamptz NOT NULL,
    PRIMARY KEY (staff_id, role)
);
COMMENT ON TABLE people.role_wish IS
    'Roles that somebody wants given and that wait for a second person; gone once decided.';

CREATE TABLE people.second_factor (
    staff_id text COLLATE "C" PRIMARY KEY REFERENCES people.staff,
    key_id text COLLATE "C" NOT NULL CHECK (key_id <> ''),
    nonce text COLLATE "C" NOT NULL CHECK (octet_length(nonce) >= 32),
    confirmed_at timestamptz,
    last_step bigint NOT NULL DEFAULT 0,
    tries smallint NOT NULL DEFAULT 0 CHECK (tries >= 0),
    tries_since timestamptz NOT NULL DEFAULT 'epoch'
);
COMMENT ON TABLE people.second_factor IS
    'What the secret of a second factor follows from, together with a key that is not in the database. last_step is the time step of the last code that was taken, so that none is taken twice.';

CREATE TABLE people.recovery_code (
    staff_id text COLLATE "C" NOT NULL REFERENCES people.staff,
    digest text COLLATE "C" NOT NULL CHECK (octet_length(digest) = 64),
    PRIMARY KEY (staff_id, digest)
);
COMMENT ON TABLE people.recovery_code IS 'Recovery codes that were not used yet, only as digests.';

CREATE TABLE people.session (
    session_id text COLLATE "C" PRIMARY KEY CHECK (octet_length(session_id) = 16),
    actor_id text COLLATE "C" NOT NULL CHECK (actor_id <> ''),
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('browser', 'program')),
    name text NOT NULL,
    roles text[] NOT NULL,
    begun_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL CHECK (ends_at > begun_at),
    ended_at timestamptz,
    noted_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE people.session IS
    'Tokens that somebody holds, in a browser or a program, by the id in the token; never the token itself.';
CREATE INDEX session_by_actor ON people.session (actor_id, begun_at);
CREATE INDEX session_ended ON people.session (noted_at) WHERE ended_at IS NOT NULL;

CREATE TABLE people.ended_actor (
    actor_id text COLLATE "C" PRIMARY KEY CHECK (actor_id <> ''),
    issued_before timestamptz NOT NULL,
    noted_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE people.ended_actor IS
    'Whose tokens all ended, if they were issued before an instant; far in the future for somebody who left.';
CREATE INDEX ended_actor_noted ON people.ended_actor (noted_at);

CREATE TABLE people.act (
    act_number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    actor_id text COLLATE "C" NOT NULL CHECK (actor_id <> ''),
    kind text COLLATE "C" NOT NULL CHECK (kind <> ''),
    subject text COLLATE "C" NOT NULL,
    detail text NOT NULL DEFAULT ''
);
COMMENT ON TABLE people.act IS 'What was done beside orders, by whom and about whom. Append-only.';
CREATE INDEX act_by_time ON people.act (at, act_number);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON people.act
    FOR EACH STATEMENT EXECUTE FUNCTION earnest.refuse_change();
ALTER TABLE people.act ENABLE ALWAYS TRIGGER append_only;

CREATE INDEX event_of_staff ON earnest.event (recorded_at, buyer_id, order_id, sequence)
    WHERE actor LIKE 'staff:%';
CREATE INDEX event_of_somebody ON earnest.event (actor, recorded_at) WHERE actor LIKE 'staff:%';

ALTER TABLE earnest.webhook_endpoint
    ADD COLUMN earlier_reference text COLLATE "C",
    ADD COLUMN rotated_at timestamptz,
    ADD CONSTRAINT webhook_endpoint_rotated CHECK ((earlier_reference IS NULL) = (rotated_at IS NULL));

CREATE TABLE earnest.webhook_delivery (
    endpoint_id text COLLATE "C" NOT NULL REFERENCES earnest.webhook_endpoint ON DELETE CASCADE,
    webhook_id text COLLATE "C" NOT NULL CHECK (webhook_id <> ''),
    buyer_id text COLLATE "C" NOT NULL,
    order_id text COLLATE "C" NOT NULL,
    sequence integer NOT NULL,
    kind text COLLATE "C" NOT NULL CHECK (kind <> ''),
    delivered_at timestamptz NOT NULL,
    result text COLLATE "C" NOT NULL CHECK (result IN ('delivered', 'late', 'gone', 'refused')),
    explanation text NOT NULL DEFAULT '',
    PRIMARY KEY (endpoint_id, webhook_id)
);
COMMENT ON TABLE earnest.webhook_delivery IS
    'The last deliveries of each address with their result; older ones are forgotten, so it does not grow with orders.';
CREATE INDEX webhook_delivery_by_time ON earnest.webhook_delivery (endpoint_id, delivered_at);
