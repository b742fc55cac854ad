-- name: order_by_id
-- Reads an order for staff, who know its number and not whose it is.
SELECT state::text FROM earnest.orders WHERE order_id = %(order_id)s;

-- name: orders_by_ids
-- Reads the orders that somebody of the staff chose from a list.
SELECT state::text
FROM earnest.orders
WHERE order_id = ANY(%(order_ids)b::text[])
ORDER BY buyer_id, order_id;

-- name: order_of_buyer
-- Reads an order only if it is this buyer's.
SELECT state::text
FROM earnest.orders
WHERE buyer_id = %(buyer_id)s AND order_id = %(order_id)s;

-- name: key_after
-- Finds how far a search goes in one step, along the key and without looking at the orders.
SELECT buyer_id, order_id
FROM earnest.orders
WHERE (buyer_id, order_id) > (%(after_buyer_id)s, %(after_order_id)s)
ORDER BY buyer_id, order_id
OFFSET %(before_it)s
LIMIT 1;

-- name: page_of_orders
-- Walks all orders along their key up to another one; fits filters that most orders pass.
SELECT state::text
FROM earnest.orders
WHERE (buyer_id, order_id) > (%(after_buyer_id)s, %(after_order_id)s)
    AND (buyer_id, order_id) <= (%(until_buyer_id)s, %(until_order_id)s)
    AND (%(stage)s::text IS NULL OR stage = %(stage)s)
    AND (%(queue_id)s::text IS NULL OR queue_id = %(queue_id)s)
ORDER BY buyer_id, order_id
LIMIT %(limit)s;

-- name: page_of_orders_of_buyer
-- Walks the few orders of one buyer.
SELECT state::text
FROM earnest.orders
WHERE buyer_id = %(buyer_id)s
    AND (buyer_id, order_id) > (%(after_buyer_id)s, %(after_order_id)s)
    AND (%(stage)s::text IS NULL OR stage = %(stage)s)
    AND (%(queue_id)s::text IS NULL OR queue_id = %(queue_id)s)
    AND (%(vin)s::text IS NULL OR vin = %(vin)s)
ORDER BY buyer_id, order_id
LIMIT %(limit)s;

-- name: page_of_orders_by_vin
-- Finds the order of one car along the index of cars.
SELECT state::text
FROM earnest.orders
WHERE vin = %(vin)s
    AND (buyer_id, order_id) > (%(after_buyer_id)s, %(after_order_id)s)
    AND (%(stage)s::text IS NULL OR stage = %(stage)s)
    AND (%(queue_id)s::text IS NULL OR queue_id = %(queue_id)s)
ORDER BY buyer_id, order_id
LIMIT %(limit)s;

-- name: page_of_orders_in_later_stage
-- Walks the orders of a stage after the lock along its own index, because they are few among many.
SELECT state::text
FROM earnest.orders
WHERE later_stage = %(stage)s
    AND (buyer_id, order_id) > (%(after_buyer_id)s, %(after_order_id)s)
    AND (%(queue_id)s::text IS NULL OR queue_id = %(queue_id)s)
ORDER BY buyer_id, order_id
LIMIT %(limit)s;

-- name: orders_of_buyers
-- Reads the orders of some buyers, as a search by name finds them.
SELECT state::text
FROM earnest.orders
WHERE buyer_id = ANY(%(buyer_ids)b::text[])
ORDER BY buyer_id, order_id
LIMIT %(limit)s;

-- name: orders_with_work
-- Finds orders that wait for the office, the soonest first: by a deadline, or by a reminder of one that is past and still open.
WITH told AS (
    SELECT DISTINCT buyer_id, order_id
    FROM earnest.event
    WHERE kind = 'Reminded'
        AND body ->> 'subject' IN (
            'release_overdue', 'refund_overdue', 'case_answer_overdue', 'case_decision_overdue'
        )
), waiting AS (
    SELECT buyer_id, order_id, due_at
    FROM earnest.deadline
    WHERE kind IN (
        'release_overdue', 'refund_overdue', 'case_answer_overdue', 'case_decision_overdue',
        'end_deferral_request'
    )
    UNION ALL
    SELECT o.buyer_id, o.order_id, (open.due_at)::timestamptz
    FROM told
    JOIN earnest.orders AS o ON o.buyer_id = told.buyer_id AND o.order_id = told.order_id
    CROSS JOIN LATERAL (
        SELECT payout ->> 'due_at' AS due_at
        FROM json_array_elements(o.state -> 'payouts') AS payout
        WHERE payout ->> 'state' NOT IN ('paid', 'awaiting_return')
        UNION ALL
        SELECT CASE
            WHEN disputed ->> 'answered_at' IS NULL
            THEN coalesce(disputed ->> 'answer_due_at', disputed ->> 'decision_due_at')
            ELSE disputed ->> 'decision_due_at'
        END
        FROM json_array_elements(o.state -> 'cases') AS disputed
        WHERE disputed ->> 'closed_at' IS NULL
            AND disputed ->> 'decision_due_at' IS NOT NULL
        UNION ALL
        SELECT o.state -> 'forfeiture' ->> 'release_due_at'
        WHERE o.state -> 'forfeiture' ->> 'fixed_at' IS NOT NULL
            AND o.state -> 'forfeiture' ->> 'released_at' IS NULL
    ) AS open
)
SELECT o.state::text
FROM (
    SELECT buyer_id, order_id, min(due_at) AS due_at
    FROM waiting
    GROUP BY buyer_id, order_id
) AS soonest
JOIN earnest.orders AS o ON o.buyer_id = soonest.buyer_id AND o.order_id = soonest.order_id
ORDER BY soonest.due_at, o.buyer_id, o.order_id
LIMIT %(limit)s;

-- name: stage_counts
-- Counts the orders of a queue by stage, for those who watch over a launch.
SELECT stage, count(*)
FROM earnest.orders
WHERE queue_id = %(queue_id)s
GROUP BY stage;

-- name: reserved_since
-- Looks how fast the last ranks of a queue were given, along the index on ranks.
SELECT count(*), min(reserved_at), max(reserved_at)
FROM earnest.orders
WHERE queue_id = %(queue_id)s AND rank >= %(rank)s;

-- name: journal
-- Reads the postings of a time for accountants, in the order in which they were recorded.
SELECT e.recorded_at, e.kind,
    p.buyer_id, p.order_id, p.sequence, p.line, p.debit, p.credit, p.amount_minor, p.currency
FROM earnest.event AS e
JOIN earnest.posting AS p
    ON p.buyer_id = e.buyer_id AND p.order_id = e.order_id AND p.sequence = e.sequence
WHERE e.recorded_at >= %(begins)s AND e.recorded_at < %(ends)s
ORDER BY e.recorded_at, p.buyer_id, p.order_id, p.sequence, p.line
LIMIT %(limit)s;

-- name: events_of_order
-- Reads what happened to one order, in the order in which it happened.
SELECT buyer_id, order_id, sequence, body::text, actor, command_key, recorded_at
FROM earnest.event
WHERE buyer_id = %(buyer_id)s AND order_id = %(order_id)s
ORDER BY sequence;

-- name: occurrences
-- Reads the events that a job's messages are about, with the terms of their orders.
SELECT e.buyer_id, e.order_id, e.sequence, e.body::text, e.actor, e.command_key, e.recorded_at,
    o.terms_hash
FROM unnest(%(buyer_ids)b::text[], %(order_ids)b::text[], %(sequences)b::int[])
    AS asked (buyer_id, order_id, sequence)
JOIN earnest.event AS e
    ON e.buyer_id = asked.buyer_id
    AND e.order_id = asked.order_id
    AND e.sequence = asked.sequence
JOIN earnest.orders AS o ON o.buyer_id = e.buyer_id AND o.order_id = e.order_id;

-- name: postings_of_order
-- Reads every movement of money of one order.
SELECT buyer_id, order_id, sequence, line, debit, credit, amount_minor, currency
FROM earnest.posting
WHERE buyer_id = %(buyer_id)s AND order_id = %(order_id)s
ORDER BY sequence, line;

-- name: ping
-- Asks whether the database answers, and nothing else.
SELECT 1;
