-- Cases: contents of evidence, what became of notices, and how buyers want to be told.
--
-- All of it is personal, so it stands in the schema people. An order knows its evidence by digest
-- and its notices by the proof of their arrival.

CREATE TABLE people.evidence (
    buyer_id text COLLATE "C" NOT NULL CHECK (octet_length(buyer_id) = 16),
    order_id text COLLATE "C" NOT NULL CHECK (octet_length(order_id) = 16),
    digest text COLLATE "C" NOT NULL,
    content bytea NOT NULL CHECK (octet_length(content) BETWEEN 1 AND 10485760),
    stored_at timestamptz NOT NULL,
    PRIMARY KEY (buyer_id, order_id, digest),
    CONSTRAINT evidence_is_what_its_digest_says CHECK (digest = encode(sha256(content), 'hex'))
);
COMMENT ON TABLE people.evidence IS
    'Contents of evidence under their SHA-256, which the database checks by itself. Append-only.';

-- Pictures and PDFs are compressed already.
ALTER TABLE people.evidence ALTER COLUMN content SET STORAGE EXTERNAL;

CREATE TABLE people.notice_mark (
    buyer_id text COLLATE "C" NOT NULL,
    order_id text COLLATE "C" NOT NULL,
    sequence integer NOT NULL CHECK (sequence >= 1),
    channel text COLLATE "C" NOT NULL CHECK (channel IN ('in_app', 'mail', 'sms')),
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('sent', 'delivered', 'opened')),
    at timestamptz NOT NULL,
    proof text NOT NULL CHECK (proof <> ''),
    PRIMARY KEY (buyer_id, order_id, sequence, channel, kind),
    CONSTRAINT mail_that_was_taken_proves_nothing CHECK (channel <> 'mail' OR kind = 'sent'),
    CONSTRAINT only_a_login_opens CHECK (kind <> 'opened' OR channel = 'in_app')
);
COMMENT ON TABLE people.notice_mark IS
    'What became of the notice of an event: sent, delivered, opened. The first time stays. Append-only.';

CREATE TABLE people.notice_preference (
    buyer_id text COLLATE "C" PRIMARY KEY CHECK (octet_length(buyer_id) = 16),
    language text,
    mail boolean NOT NULL,
    sms boolean NOT NULL,
    changed_at timestamptz NOT NULL
);
COMMENT ON TABLE people.notice_preference IS 'How a buyer wants to be told. No row means the usual.';

DO $$
DECLARE
    fact text;
BEGIN
    FOREACH fact IN ARRAY ARRAY['evidence', 'notice_mark'] LOOP
        EXECUTE format(
            'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON people.%I '
            'FOR EACH STATEMENT EXECUTE FUNCTION earnest.refuse_change()', fact);
        EXECUTE format('ALTER TABLE people.%I ENABLE ALWAYS TRIGGER append_only', fact);
    END LOOP;
END;
$$;
