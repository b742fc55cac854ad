-- name: record_rows
-- Reads a page of order rows in key order, so that an audit of any size needs little memory.
SELECT buyer_id, order_id, queue_id, rank, stage, sequence, terms_hash, catalogue_hash,
       price_minor, currency, vin, reserved_at, changed_at, state::text
FROM earnest.orders
WHERE (buyer_id, order_id) > (%(after_buyer_id)s, %(after_order_id)s)
ORDER BY buyer_id, order_id
LIMIT %(limit)s;

-- name: record_row_by_id
-- Reads one order's row when only the order's number is known.
SELECT buyer_id, order_id, queue_id, rank, stage, sequence, terms_hash, catalogue_hash,
       price_minor, currency, vin, reserved_at, changed_at, state::text
FROM earnest.orders
WHERE order_id = %(order_id)s;

-- name: record_events
-- Reads all events of a stretch of orders; the stretch is what one page of rows covers.
SELECT buyer_id, order_id, sequence, body::text, actor, command_key, recorded_at
FROM earnest.event
WHERE (buyer_id, order_id) >= (%(first_buyer_id)s, %(first_order_id)s)
  AND (buyer_id, order_id) <= (%(last_buyer_id)s, %(last_order_id)s)
ORDER BY buyer_id, order_id, sequence;

-- name: record_postings
-- Reads all postings of a stretch of orders.
SELECT buyer_id, order_id, sequence, line, debit, credit, amount_minor, currency
FROM earnest.posting
WHERE (buyer_id, order_id) >= (%(first_buyer_id)s, %(first_order_id)s)
  AND (buyer_id, order_id) <= (%(last_buyer_id)s, %(last_order_id)s)
ORDER BY buyer_id, order_id, sequence, line;

-- name: record_deadlines
-- Reads all stored deadlines of a stretch of orders, to compare them with the derived ones.
SELECT buyer_id, order_id, kind, due_at
FROM earnest.deadline
WHERE (buyer_id, order_id) >= (%(first_buyer_id)s, %(first_order_id)s)
  AND (buyer_id, order_id) <= (%(last_buyer_id)s, %(last_order_id)s);

-- name: record_demands
-- Reads all balance demands of a stretch of orders; each refers to a passed inspection.
SELECT buyer_id, order_id, sequence, tender_number, amount_minor, currency
FROM earnest.balance_demand
WHERE (buyer_id, order_id) >= (%(first_buyer_id)s, %(first_order_id)s)
  AND (buyer_id, order_id) <= (%(last_buyer_id)s, %(last_order_id)s)
ORDER BY buyer_id, order_id, sequence;

-- name: record_contents
-- Measures all contents of evidence of a stretch of orders anew, without moving them.
SELECT buyer_id, order_id, digest, encode(sha256(content), 'hex'), octet_length(content)
FROM people.evidence
WHERE (buyer_id, order_id) >= (%(first_buyer_id)s, %(first_order_id)s)
  AND (buyer_id, order_id) <= (%(last_buyer_id)s, %(last_order_id)s)
ORDER BY buyer_id, order_id, digest;

-- name: count_orders
-- Counts all orders, for the progress bar of an audit.
SELECT count(*) FROM earnest.orders;

-- name: queue_figures
-- Tells whether every rank that a queue gave is used exactly once.
SELECT queue.queue_id, queue.model_line, queue.market, queue.time_zone, queue.next_rank,
       count(orders.rank), count(DISTINCT orders.rank), min(orders.rank), max(orders.rank)
FROM earnest.queue AS queue
LEFT JOIN earnest.orders AS orders ON orders.queue_id = queue.queue_id
GROUP BY queue.queue_id
ORDER BY queue.queue_id;

-- name: account_sums
-- Adds up every account over all orders in one pass: debits minus credits, by currency.
SELECT sides.account, pairs.currency, sum(sides.amount)::bigint
FROM (
    SELECT debit, credit, currency, sum(amount_minor) AS amount
    FROM earnest.posting
    GROUP BY debit, credit, currency
) AS pairs
CROSS JOIN LATERAL (
    VALUES (pairs.debit, pairs.amount), (pairs.credit, -pairs.amount)
) AS sides (account, amount)
GROUP BY sides.account, pairs.currency
ORDER BY sides.account, pairs.currency;

-- name: published_terms
-- Reads every published terms version with the digest it is filed under.
SELECT terms_hash, body::text FROM earnest.terms_version;

-- name: published_catalogues
-- Reads every published catalogue with the digest it is filed under.
SELECT catalogue_hash, body::text FROM earnest.catalogue_version;

-- name: orphans
-- Finds facts of orders that have no row, which no code path should be able to leave behind.
SELECT facts.buyer_id, facts.order_id
FROM (
    SELECT DISTINCT buyer_id, order_id FROM earnest.event
    UNION
    SELECT DISTINCT buyer_id, order_id FROM earnest.deadline
) AS facts
LEFT JOIN earnest.orders AS orders
    ON orders.buyer_id = facts.buyer_id AND orders.order_id = facts.order_id
WHERE orders.order_id IS NULL
ORDER BY facts.buyer_id, facts.order_id
LIMIT 1000;

-- name: stored_units
-- Reads every order that is stored as holding a unit of an edition or waiting for one.
SELECT buyer_id, order_id, queue_id, rank, state, person FROM earnest.allotment;

-- name: stored_unit_counts
-- Reads how many orders of each edition are counted as holding a unit and as waiting for one.
SELECT queue_id, units_taken, units_waiting FROM earnest.queue WHERE units_taken IS NOT NULL;

-- name: stored_counts
-- Reads how much of every quota of a campaign is stored as taken.
SELECT campaign_id, counter, taken FROM earnest.campaign_count ORDER BY campaign_id, counter;

-- name: stored_codes
-- Reads every code that is stored as used, with the order that uses it.
SELECT code_id, order_id FROM earnest.priority_code WHERE order_id IS NOT NULL;

-- name: stored_pages
-- Reads every order for which a page is stored as still to be opened.
SELECT buyer_id, order_id FROM earnest.checkout;

-- name: stored_deliveries
-- Reads to which centre every order is stored as going, with bay and time where one is booked.
SELECT buyer_id, order_id, centre_id, bay, begins, ends FROM earnest.delivery;

-- name: message_figures
-- Counts groups of outgoing messages still to be sent and those given up after all retries.
SELECT count(*) FILTER (WHERE status IN ('todo', 'doing')), count(*) FILTER (WHERE status = 'failed')
FROM procrastinate.procrastinate_jobs;
