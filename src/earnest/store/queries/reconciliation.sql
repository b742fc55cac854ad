-- name: one_reconciliation_at_a_time
-- Lets one transaction match at a time, so that what was open stays open until it is matched.
SELECT pg_advisory_xact_lock(hashtext('earnest reconciliation'));

-- name: outside_accounts
-- Lists every outside account.
SELECT body::text FROM earnest.outside_account ORDER BY account_id;

-- name: add_outside_account
-- Makes an outside account known.
INSERT INTO earnest.outside_account
    (account_id, body, currency, is_provider, added_by, added_at)
VALUES (
    %(account_id)s, %(body)s::text::jsonb, %(currency)s, %(is_provider)s, %(added_by)s, %(added_at)s
);

-- name: outside_statements
-- Lists every statement by account and first day, without its lines.
SELECT statement_id, account_id, number, digest, currency, begins, ends, opening_minor, closing_minor
FROM earnest.outside_statement
ORDER BY account_id, begins;

-- name: outside_lines
-- Reads the lines of one statement, with whoever paid as long as that is kept.
SELECT l.line, l.kind, l.booked_on, l.amount_minor, l.reference, l.batch,
    coalesce(t.payer, ''), coalesce(t.text, '')
FROM earnest.outside_line AS l
LEFT JOIN people.outside_line_text AS t ON t.statement_id = l.statement_id AND t.line = l.line
WHERE l.statement_id = %(statement_id)s
ORDER BY l.line;

-- name: put_outside_draft
-- Keeps the file that somebody looks at, in place of an earlier one of theirs; what others left
-- lying goes, because it names people.
WITH left_lying AS (
    DELETE FROM people.outside_draft
    WHERE uploaded_at < %(stale_before)s AND actor_id <> %(actor_id)s
)
INSERT INTO people.outside_draft (actor_id, account_id, digest, content, uploaded_at)
VALUES (%(actor_id)s, %(account_id)s, %(digest)s, %(content)s, %(uploaded_at)s)
ON CONFLICT (actor_id) DO UPDATE
SET account_id = excluded.account_id, digest = excluded.digest, content = excluded.content,
    uploaded_at = excluded.uploaded_at;

-- name: outside_draft
-- Reads the file that somebody looks at.
SELECT account_id, digest, content, uploaded_at
FROM people.outside_draft
WHERE actor_id = %(actor_id)s;

-- name: drop_outside_draft
-- Lets the file go that somebody looked at.
DELETE FROM people.outside_draft WHERE actor_id = %(actor_id)s;

-- name: add_outside_statement
-- Keeps what a provider or bank said.
INSERT INTO earnest.outside_statement (
    statement_id, account_id, number, digest, currency, begins, ends, opening_minor, closing_minor,
    imported_by, imported_at
)
VALUES (
    %(statement_id)s, %(account_id)s, %(number)s, %(digest)s, %(currency)s, %(begins)s, %(ends)s,
    %(opening)s, %(closing)s, %(imported_by)s, %(imported_at)s
);

-- name: add_outside_lines
-- Keeps the lines of a statement, without whoever paid them.
INSERT INTO earnest.outside_line
    (statement_id, line, kind, booked_on, amount_minor, reference, batch)
SELECT %(statement_id)s, *
FROM unnest(
    %(lines)s::int[], %(kinds)s::text[], %(days)s::date[], %(amounts)s::bigint[],
    %(references)s::text[], %(batches)s::text[]
);

-- name: add_outside_texts
-- Keeps whoever paid a line and what they wrote, where personal data is kept.
INSERT INTO people.outside_line_text (statement_id, line, payer, text)
SELECT %(statement_id)s, *
FROM unnest(%(lines)s::int[], %(payers)s::text[], %(texts)s::text[]);

-- name: open_outside_lines
-- Reads lines that no match holds, the oldest first; a fee explains itself.
SELECT l.statement_id, l.account_id, l.line, l.kind, l.booked_on, l.amount_minor, l.reference,
    l.batch, coalesce(t.payer, ''), coalesce(t.text, '')
FROM earnest.outside_line_now AS l
LEFT JOIN people.outside_line_text AS t ON t.statement_id = l.statement_id AND t.line = l.line
WHERE NOT l.is_held AND l.kind <> 'fee'
ORDER BY l.booked_on, l.statement_id, l.line
LIMIT %(limit)s;

-- name: outside_lines_at
-- Reads those of these lines that no match holds.
SELECT l.statement_id, l.account_id, l.line, l.kind, l.booked_on, l.amount_minor, l.reference,
    l.batch, coalesce(t.payer, ''), coalesce(t.text, '')
FROM unnest(%(statement_ids)s::text[], %(lines)s::int[]) AS asked (statement_id, line)
JOIN earnest.outside_line_now AS l
    ON l.statement_id = asked.statement_id AND l.line = asked.line
LEFT JOIN people.outside_line_text AS t ON t.statement_id = l.statement_id AND t.line = l.line
WHERE NOT l.is_held
ORDER BY l.statement_id, l.line;

-- name: open_clearing
-- Reads postings on the clearing account that no match holds, the oldest first.
SELECT buyer_id, order_id, sequence, line, debit, credit, amount_minor, currency, body::text
FROM earnest.clearing_now
WHERE NOT is_held
ORDER BY booked_on, buyer_id, order_id, sequence, line
LIMIT %(limit)s;

-- name: clearing_at
-- Reads those of these postings that no match holds.
SELECT c.buyer_id, c.order_id, c.sequence, c.line, c.debit, c.credit, c.amount_minor, c.currency,
    c.body::text
FROM unnest(
    %(buyer_ids)s::text[], %(order_ids)s::text[], %(sequences)s::int[], %(lines)s::int[]
) AS asked (buyer_id, order_id, sequence, line)
JOIN earnest.clearing_now AS c
    ON c.buyer_id = asked.buyer_id AND c.order_id = asked.order_id
    AND c.sequence = asked.sequence AND c.line = asked.line
WHERE NOT c.is_held
ORDER BY c.buyer_id, c.order_id, c.sequence, c.line;

-- name: open_counts
-- Counts the lines and the postings that no match holds.
SELECT
    (SELECT count(*) FROM earnest.outside_line_now WHERE NOT is_held AND kind <> 'fee'),
    (SELECT count(*) FROM earnest.clearing_now WHERE NOT is_held);

-- name: outside_sums
-- Adds up every outside account that has a statement: all lines, fees, and what no match explains.
SELECT s.account_id, min(s.begins), max(s.ends),
    (array_agg(s.opening_minor ORDER BY s.begins))[1],
    (array_agg(s.closing_minor ORDER BY s.begins DESC))[1],
    coalesce(sum(l.moved), 0)::bigint, coalesce(sum(l.fees), 0)::bigint,
    coalesce(sum(l.payouts), 0)::bigint, coalesce(sum(l.others), 0)::bigint
FROM earnest.outside_statement AS s
LEFT JOIN (
    SELECT statement_id,
        sum(amount_minor) AS moved,
        sum(amount_minor) FILTER (WHERE kind = 'fee') AS fees,
        sum(amount_minor) FILTER (WHERE kind = 'payout' AND NOT is_explained) AS payouts,
        sum(amount_minor) FILTER (WHERE kind NOT IN ('fee', 'payout') AND NOT is_explained) AS others
    FROM earnest.outside_line_now
    GROUP BY statement_id
) AS l ON l.statement_id = s.statement_id
GROUP BY s.account_id
ORDER BY s.account_id;

-- name: clearing_sums
-- Adds up the clearing account of a currency: all of it, and what no match explains by its day.
SELECT
    coalesce(sum(signed), 0)::bigint,
    coalesce(sum(signed) FILTER (WHERE NOT is_explained AND booked_on < %(begins)s), 0)::bigint,
    coalesce(sum(signed) FILTER (
        WHERE NOT is_explained AND booked_on BETWEEN %(begins)s AND %(ends)s
    ), 0)::bigint,
    coalesce(sum(signed) FILTER (WHERE NOT is_explained AND booked_on > %(ends)s), 0)::bigint
FROM (
    SELECT is_explained, booked_on,
        CASE WHEN debit = 'provider_clearing' THEN amount_minor ELSE -amount_minor END AS signed
    FROM earnest.clearing_now
    WHERE currency = %(currency)s
) AS moved;

-- name: written_off
-- Adds up what two people let be, by currency.
SELECT currency, sum(difference_minor)::bigint
FROM earnest.outside_match
WHERE stands AND difference_minor <> 0
GROUP BY currency;

-- name: outside_match
-- Reads a match with everything that became of it.
SELECT match_id, cause, currency, difference_minor, reason, needs_second, made_by, made_at,
    approved_by, approved_at, undone_by, undone_at, undone_reason, content_hash
FROM earnest.outside_match
WHERE match_id = %(match_id)s;

-- name: outside_matches_by_hand
-- Lists matches that people made and that hold, the newest first.
SELECT match_id, cause, currency, difference_minor, reason, needs_second, made_by, made_at,
    approved_by, approved_at, undone_by, undone_at, undone_reason, content_hash
FROM earnest.outside_match
WHERE cause = 'by_hand' AND undone_at IS NULL
ORDER BY made_at DESC, match_id
LIMIT %(limit)s;

-- name: outside_matches_about
-- Lists matches that hold a posting of an order or a line with a reference, the newest first.
SELECT match_id, cause, currency, difference_minor, reason, needs_second, made_by, made_at,
    approved_by, approved_at, undone_by, undone_at, undone_reason, content_hash
FROM earnest.outside_match
WHERE undone_at IS NULL AND match_id IN (
    SELECT match_id FROM earnest.outside_match_posting WHERE order_id = %(about)s
    UNION ALL
    SELECT held.match_id
    FROM earnest.outside_line AS l
    JOIN earnest.outside_match_line AS held
        ON held.statement_id = l.statement_id AND held.line = l.line
    WHERE l.reference = %(about)s
)
ORDER BY made_at DESC, match_id
LIMIT %(limit)s;

-- name: lines_of_matches
-- Reads which lines some matches are about.
SELECT match_id, statement_id, line
FROM earnest.outside_match_line
WHERE match_id = ANY(%(match_ids)s::text[])
ORDER BY match_id, statement_id, line;

-- name: postings_of_matches
-- Reads which postings some matches are about.
SELECT match_id, buyer_id, order_id, sequence, line
FROM earnest.outside_match_posting
WHERE match_id = ANY(%(match_ids)s::text[])
ORDER BY match_id, buyer_id, order_id, sequence, line;

-- name: put_outside_matches
-- Keeps matches, or what became of those that are known.
INSERT INTO earnest.outside_match (
    match_id, cause, currency, difference_minor, reason, needs_second, made_by, made_at,
    content_hash, approved_by, approved_at, undone_by, undone_at, undone_reason
)
SELECT *
FROM unnest(
    %(match_ids)s::text[], %(causes)s::text[], %(currencies)s::text[], %(differences)s::bigint[],
    %(reasons)s::text[], %(needing)s::boolean[], %(makers)s::text[], %(made)s::timestamptz[],
    %(hashes)s::text[], %(approvers)s::text[], %(approved)s::timestamptz[],
    %(undoers)s::text[], %(undone)s::timestamptz[], %(undone_reasons)s::text[]
)
ON CONFLICT (match_id) DO UPDATE
SET approved_by = excluded.approved_by, approved_at = excluded.approved_at,
    undone_by = excluded.undone_by, undone_at = excluded.undone_at,
    undone_reason = excluded.undone_reason;

-- name: put_lines_of_matches
-- Lets matches hold their lines, or let them go.
INSERT INTO earnest.outside_match_line (match_id, statement_id, line, holds)
SELECT *
FROM unnest(
    %(match_ids)s::text[], %(statement_ids)s::text[], %(lines)s::int[], %(holding)s::boolean[]
)
ON CONFLICT (match_id, statement_id, line) DO UPDATE SET holds = excluded.holds;

-- name: put_postings_of_matches
-- Lets matches hold their postings, or let them go.
INSERT INTO earnest.outside_match_posting (buyer_id, order_id, sequence, line, match_id, holds)
SELECT *
FROM unnest(
    %(buyer_ids)s::text[], %(order_ids)s::text[], %(sequences)s::int[], %(lines)s::int[],
    %(match_ids)s::text[], %(holding)s::boolean[]
)
ON CONFLICT (buyer_id, order_id, sequence, line, match_id) DO UPDATE SET holds = excluded.holds;
