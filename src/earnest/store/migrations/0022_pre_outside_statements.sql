-- Reconciling: outside accounts, their statements and lines, and what matches what.
--
-- Who paid, and what they wrote, is personal: it stands in people.outside_line_text, beside the
-- line and not in it. Nothing here changes a fact of an order; a match points at postings.

CREATE TABLE earnest.outside_account (
    account_id text COLLATE "C" PRIMARY KEY CHECK (account_id <> ''),
    body jsonb NOT NULL CHECK (jsonb_typeof(body) = 'object'),
    currency char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    is_provider boolean NOT NULL,
    added_by text COLLATE "C" NOT NULL CHECK (added_by <> ''),
    added_at timestamptz NOT NULL
);
COMMENT ON TABLE earnest.outside_account IS 'The seller''s money with a provider or a bank, and how its files are read. Append-only.';

CREATE TABLE earnest.outside_statement (
    statement_id text COLLATE "C" PRIMARY KEY CHECK (octet_length(statement_id) = 16),
    account_id text COLLATE "C" NOT NULL REFERENCES earnest.outside_account,
    number text NOT NULL CHECK (number <> ''),
    digest text COLLATE "C" NOT NULL CHECK (octet_length(digest) = 64),
    currency char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    begins date NOT NULL,
    ends date NOT NULL,
    opening_minor bigint NOT NULL,
    closing_minor bigint NOT NULL,
    imported_by text COLLATE "C" NOT NULL CHECK (imported_by <> ''),
    imported_at timestamptz NOT NULL,
    UNIQUE (account_id, number),
    UNIQUE (account_id, digest),
    CONSTRAINT outside_statement_ends_after_it_begins CHECK (ends >= begins)
);
COMMENT ON TABLE earnest.outside_statement IS 'What a provider or bank said, once. Append-only.';

CREATE TABLE earnest.outside_line (
    statement_id text COLLATE "C" NOT NULL REFERENCES earnest.outside_statement,
    line integer NOT NULL CHECK (line >= 1),
    kind text COLLATE "C" NOT NULL CHECK (kind IN (
        'payment', 'refund', 'transfer', 'chargeback', 'fee', 'payout', 'other'
    )),
    booked_on date NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor <> 0),
    reference text NOT NULL,
    batch text NOT NULL,
    PRIMARY KEY (statement_id, line)
);
COMMENT ON TABLE earnest.outside_line IS 'One sum of a statement, without whoever paid it. Append-only.';

CREATE TABLE people.outside_line_text (
    statement_id text COLLATE "C" NOT NULL,
    line integer NOT NULL,
    payer text NOT NULL,
    text text NOT NULL,
    PRIMARY KEY (statement_id, line)
);
COMMENT ON TABLE people.outside_line_text IS 'Who paid a line and what they wrote; can be erased, and the line stays.';

CREATE TABLE people.outside_draft (
    actor_id text COLLATE "C" PRIMARY KEY CHECK (actor_id <> ''),
    account_id text COLLATE "C" NOT NULL,
    digest text COLLATE "C" NOT NULL CHECK (octet_length(digest) = 64),
    content bytea NOT NULL CHECK (octet_length(content) <= 4194304),
    uploaded_at timestamptz NOT NULL
);
COMMENT ON TABLE people.outside_draft IS 'A file that somebody looks at before importing it; one for each person, and gone with the import.';

CREATE TABLE earnest.outside_match (
    match_id text COLLATE "C" PRIMARY KEY CHECK (octet_length(match_id) = 16),
    cause text COLLATE "C" NOT NULL CHECK (cause <> ''),
    currency char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    difference_minor bigint NOT NULL,
    reason text NOT NULL,
    needs_second boolean NOT NULL,
    made_by text COLLATE "C" NOT NULL CHECK (made_by <> ''),
    made_at timestamptz NOT NULL,
    content_hash text COLLATE "C" NOT NULL,
    approved_by text COLLATE "C" NOT NULL DEFAULT '',
    approved_at timestamptz,
    undone_by text COLLATE "C" NOT NULL DEFAULT '',
    undone_at timestamptz,
    undone_reason text NOT NULL DEFAULT '',
    stands boolean NOT NULL GENERATED ALWAYS AS (
        undone_at IS NULL AND (NOT needs_second OR approved_at IS NOT NULL)
    ) STORED,
    CONSTRAINT outside_match_writes_off_with_a_second_person
        CHECK (difference_minor = 0 OR needs_second),
    CONSTRAINT outside_match_is_approved_by_another
        CHECK (approved_by = '' OR lower(approved_by) <> lower(made_by)),
    CHECK ((approved_at IS NULL) = (approved_by = '')),
    CHECK ((undone_at IS NULL) = (undone_by = ''))
);
COMMENT ON TABLE earnest.outside_match IS 'Lines and postings that are the same money. Taken back, never removed.';

CREATE TABLE earnest.outside_match_line (
    match_id text COLLATE "C" NOT NULL REFERENCES earnest.outside_match,
    statement_id text COLLATE "C" NOT NULL,
    line integer NOT NULL,
    holds boolean NOT NULL DEFAULT true,
    PRIMARY KEY (match_id, statement_id, line),
    FOREIGN KEY (statement_id, line) REFERENCES earnest.outside_line
);
COMMENT ON TABLE earnest.outside_match_line IS 'Which lines a match is about; it holds them until it is taken back.';
CREATE UNIQUE INDEX outside_line_is_matched_once
    ON earnest.outside_match_line (statement_id, line) WHERE holds;

-- It stands with its order, so it refers to nothing else; the match is written beside it.
CREATE TABLE earnest.outside_match_posting (
    buyer_id text COLLATE "C" NOT NULL,
    order_id text COLLATE "C" NOT NULL,
    sequence integer NOT NULL,
    line smallint NOT NULL,
    match_id text COLLATE "C" NOT NULL CHECK (octet_length(match_id) = 16),
    holds boolean NOT NULL DEFAULT true,
    PRIMARY KEY (buyer_id, order_id, sequence, line, match_id),
    FOREIGN KEY (buyer_id, order_id, sequence, line) REFERENCES earnest.posting
);
COMMENT ON TABLE earnest.outside_match_posting IS 'Which postings a match is about; it holds them until it is taken back.';
CREATE UNIQUE INDEX posting_is_matched_once
    ON earnest.outside_match_posting (buyer_id, order_id, sequence, line) WHERE holds;

CREATE VIEW earnest.outside_line_now AS
SELECT s.account_id, l.statement_id, l.line, l.kind, l.booked_on, l.amount_minor, l.reference, l.batch,
    held.match_id IS NOT NULL AS is_held, coalesce(m.stands, false) AS is_explained
FROM earnest.outside_line AS l
JOIN earnest.outside_statement AS s ON s.statement_id = l.statement_id
LEFT JOIN earnest.outside_match_line AS held
    ON held.statement_id = l.statement_id AND held.line = l.line AND held.holds
LEFT JOIN earnest.outside_match AS m ON m.match_id = held.match_id;
COMMENT ON VIEW earnest.outside_line_now IS 'Every line, whether a match holds it, and whether that match stands.';

CREATE VIEW earnest.clearing_now AS
SELECT p.buyer_id, p.order_id, p.sequence, p.line, p.debit, p.credit, p.amount_minor, p.currency,
    e.body,
    (coalesce((e.body ->> 'paid_at')::timestamptz, e.occurred_at) AT TIME ZONE 'Asia/Shanghai')::date
        AS booked_on,
    held.match_id IS NOT NULL AS is_held, coalesce(m.stands, false) AS is_explained
FROM earnest.posting AS p
JOIN earnest.event AS e
    ON e.buyer_id = p.buyer_id AND e.order_id = p.order_id AND e.sequence = p.sequence
LEFT JOIN earnest.outside_match_posting AS held
    ON held.buyer_id = p.buyer_id AND held.order_id = p.order_id AND held.sequence = p.sequence
    AND held.line = p.line AND held.holds
LEFT JOIN earnest.outside_match AS m ON m.match_id = held.match_id
WHERE p.debit = 'provider_clearing' OR p.credit = 'provider_clearing';
COMMENT ON VIEW earnest.clearing_now IS 'Every posting on the clearing account, whether a match holds it, and whether that match stands.';

DO $$
DECLARE
    fact text;
BEGIN
    FOREACH fact IN ARRAY ARRAY['outside_account', 'outside_statement', 'outside_line'] LOOP
        EXECUTE format(
            'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON earnest.%I '
            'FOR EACH STATEMENT EXECUTE FUNCTION earnest.refuse_change()', fact);
        EXECUTE format('ALTER TABLE earnest.%I ENABLE ALWAYS TRIGGER append_only', fact);
    END LOOP;
    FOREACH fact IN ARRAY ARRAY[
        'outside_match', 'outside_match_line', 'outside_match_posting'
    ] LOOP
        EXECUTE format(
            'CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON earnest.%I '
            'FOR EACH STATEMENT EXECUTE FUNCTION earnest.refuse_change()', fact);
        EXECUTE format('ALTER TABLE earnest.%I ENABLE ALWAYS TRIGGER append_only', fact);
    END LOOP;
END;
$$;
