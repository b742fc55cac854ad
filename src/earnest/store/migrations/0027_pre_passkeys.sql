-- Passkeys: public keys of buyers and staff, and the challenges that were answered already.
--
-- A passkey goes with its person: erasing a buyer erases it, and no second list has to be kept.

CREATE TABLE people.passkey (
    credential_id bytea PRIMARY KEY CHECK (octet_length(credential_id) BETWEEN 1 AND 1023),
    buyer_id text COLLATE "C" REFERENCES people.buyer ON DELETE CASCADE,
    staff_id text COLLATE "C" REFERENCES people.staff ON DELETE CASCADE,
    public_key bytea NOT NULL CHECK (octet_length(public_key) <= 4096),
    sign_count bigint NOT NULL CHECK (sign_count >= 0),
    transports text[] NOT NULL,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    added_at timestamptz NOT NULL,
    last_used_at timestamptz,
    tries smallint NOT NULL DEFAULT 0 CHECK (tries >= 0),
    tries_since timestamptz NOT NULL DEFAULT 'epoch',
    CONSTRAINT passkey_is_one_persons CHECK ((buyer_id IS NULL) <> (staff_id IS NULL))
);
COMMENT ON TABLE people.passkey IS
    'The public half of a passkey with what its owner calls it. sign_count is the last counter of the device, so that a copy of it is noticed.';
CREATE INDEX passkey_by_buyer ON people.passkey (buyer_id) WHERE buyer_id IS NOT NULL;
CREATE INDEX passkey_by_staff ON people.passkey (staff_id) WHERE staff_id IS NOT NULL;

CREATE TABLE people.passkey_challenge (
    digest bytea PRIMARY KEY CHECK (octet_length(digest) = 32),
    lapses_at timestamptz NOT NULL
);
COMMENT ON TABLE people.passkey_challenge IS
    'Challenges that were answered, until they lapse: none is taken twice. One that nobody answered is not kept anywhere.';
CREATE INDEX passkey_challenge_by_end ON people.passkey_challenge (lapses_at);
