-- Pages that a provider has to open before a deposit can be paid; and who a person is.

CREATE TABLE earnest.checkout (
    buyer_id text COLLATE "C" NOT NULL,
    order_id text COLLATE "C" NOT NULL,
    queue_id text COLLATE "C" NOT NULL,
    rank bigint NOT NULL CHECK (rank >= 1),
    state text COLLATE "C" NOT NULL DEFAULT 'wanted' CHECK (state IN ('wanted', 'sent', 'refused')),
    explanation text,
    PRIMARY KEY (buyer_id, order_id),
    CONSTRAINT checkout_refused_says_why CHECK ((state = 'refused') = (explanation IS NOT NULL))
);
COMMENT ON TABLE earnest.checkout IS
    'Orders whose payment the provider still has to open; gone once it is open or the order ended. sent is written before the call: its outcome is unknown until the provider was asked.';

CREATE INDEX checkout_by_rank ON earnest.checkout (rank, queue_id) WHERE state <> 'refused';

CREATE TABLE earnest.dispatch_turn (
    name text COLLATE "C" PRIMARY KEY CHECK (name <> ''),
    holder text COLLATE "C" NOT NULL CHECK (holder <> ''),
    ends_at timestamptz NOT NULL
);
COMMENT ON TABLE earnest.dispatch_turn IS
    'Which process may call a provider now, by the clock of the server, so that several together keep one pace.';

CREATE TABLE people.identity (
    identity_id text COLLATE "C" PRIMARY KEY CHECK (octet_length(identity_id) >= 32),
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('phone', 'identity_number')),
    key_id text COLLATE "C" NOT NULL CHECK (key_id <> ''),
    digest text COLLATE "C" NOT NULL CHECK (octet_length(digest) = 64),
    UNIQUE (kind, key_id, digest)
);
COMMENT ON TABLE people.identity IS
    'A telephone or identity number that somebody proved, only as a digest under a key that is not in the database. identity_id is chance and tells nothing; what a queue knows of a person follows from it.';

CREATE TABLE people.proof (
    buyer_id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    identity_id text COLLATE "C" NOT NULL REFERENCES people.identity,
    proven_at timestamptz NOT NULL,
    PRIMARY KEY (buyer_id, kind)
);
COMMENT ON TABLE people.proof IS 'Who a buyer has proven to be, the latest of each kind.';

CREATE TABLE people.proof_try (
    buyer_id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    tried_at timestamptz NOT NULL,
    code_digest text COLLATE "C",
    tries_left smallint NOT NULL DEFAULT 0 CHECK (tries_left >= 0),
    PRIMARY KEY (buyer_id, kind, tried_at)
);
COMMENT ON TABLE people.proof_try IS
    'Codes that were sent and numbers that were checked, so that nobody may try without end. subject is the digest of the telephone or number.';

CREATE INDEX proof_try_by_subject ON people.proof_try (subject, tried_at);
