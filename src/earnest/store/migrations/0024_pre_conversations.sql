-- Conversations of buyers with the maker about an order, and links that show an order to read.
--
-- Both are personal and stand in the schema people. What is said is a fact and never changes; who
-- waits for an answer and what was read is the row of the conversation, which is also what two
-- messages at once wait for.

CREATE TABLE people.conversation (
    buyer_id text COLLATE "C" NOT NULL CHECK (octet_length(buyer_id) = 16),
    order_id text COLLATE "C" NOT NULL CHECK (octet_length(order_id) = 16),
    messages integer NOT NULL DEFAULT 0 CHECK (messages >= 0),
    waits_since timestamptz,
    read_by_buyer integer NOT NULL DEFAULT 0,
    read_by_seller integer NOT NULL DEFAULT 0,
    PRIMARY KEY (buyer_id, order_id),
    CONSTRAINT nobody_reads_what_was_not_said
        CHECK (read_by_buyer BETWEEN 0 AND messages AND read_by_seller BETWEEN 0 AND messages)
);
COMMENT ON TABLE people.conversation IS
    'How far a conversation is: messages said, read by each side, and since when the buyer waits.';

CREATE INDEX conversation_that_waits ON people.conversation (waits_since)
    WHERE waits_since IS NOT NULL;

CREATE TABLE people.message (
    buyer_id text COLLATE "C" NOT NULL,
    order_id text COLLATE "C" NOT NULL,
    number integer NOT NULL CHECK (number >= 1),
    said_by text COLLATE "C" NOT NULL CHECK (said_by IN ('buyer', 'seller')),
    author text COLLATE "C" NOT NULL,
    said_at timestamptz NOT NULL,
    text text NOT NULL CHECK (char_length(text) <= 2000),
    key text COLLATE "C" NOT NULL,
    content_hash text COLLATE "C" NOT NULL,
    file_digest text COLLATE "C",
    file_type text COLLATE "C",
    file bytea CHECK (octet_length(file) BETWEEN 1 AND 10485760),
    PRIMARY KEY (buyer_id, order_id, number),
    FOREIGN KEY (buyer_id, order_id) REFERENCES people.conversation (buyer_id, order_id),
    UNIQUE (buyer_id, order_id, author, key),
    CONSTRAINT a_message_says_something CHECK (text <> '' OR file IS NOT NULL),
    CONSTRAINT a_file_is_what_its_digest_says CHECK (
        (file IS NULL AND file_digest IS NULL AND file_type IS NULL)
        OR (file_digest = encode(sha256(file), 'hex') AND file_type IS NOT NULL)
    )
);
COMMENT ON TABLE people.message IS
    'What buyer and maker said to each other about an order, with at most one file. Append-only.';

-- Pictures and PDFs are compressed already.
ALTER TABLE people.message ALTER COLUMN file SET STORAGE EXTERNAL;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON people.message
    FOR EACH STATEMENT EXECUTE FUNCTION earnest.refuse_change();
ALTER TABLE people.message ENABLE ALWAYS TRIGGER append_only;

CREATE TABLE people.order_link (
    buyer_id text COLLATE "C" NOT NULL CHECK (octet_length(buyer_id) = 16),
    order_id text COLLATE "C" NOT NULL CHECK (octet_length(order_id) = 16),
    nonce text COLLATE "C" NOT NULL,
    made_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL CHECK (ends_at > made_at),
    PRIMARY KEY (buyer_id, order_id)
);
COMMENT ON TABLE people.order_link IS
    'The one link in force that shows an order. Its nonce alone opens nothing: the seal has a key.';
