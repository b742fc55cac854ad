-- name: add_queue_moves
-- Adds how the orders of a group moved in their queues; what is there already stays as it is, so that moves can be rebuilt beside a running server.
INSERT INTO earnest.queue_move (
    buyer_id, order_id, sequence, change, queue_id, lane, rank, cause, at
)
SELECT buyer_id, order_id, sequence, change, queue_id, lane, rank, cause, at
FROM unnest(
    %(buyer_ids)b::text[], %(order_ids)b::text[], %(sequences)b::int[], %(changes)b::smallint[],
    %(queue_ids)b::text[], %(lanes)b::text[], %(ranks)b::bigint[], %(causes)b::text[],
    %(at)b::timestamptz[]
) AS new (buyer_id, order_id, sequence, change, queue_id, lane, rank, cause, at)
ON CONFLICT DO NOTHING;

-- name: oldest_open_transaction
-- Finds from which transaction on moves have to be read again later, because it may not have ended yet.
SELECT pg_snapshot_xmin(pg_current_snapshot())::text;

-- name: all_queue_moves
-- Reads every move in the order in which it was written, to begin a picture of all queues.
SELECT buyer_id, order_id, sequence, queue_id, lane, rank, change, cause, at
FROM earnest.queue_move
ORDER BY written_in, rank, sequence, change;

-- name: queue_moves_since
-- Reads the moves of every transaction that was not finished when it was last asked, with the oldest that is open now. A row of another server's numbering, after a restore, is above the newest transaction and left out.
SELECT seen.oldest::text, m.buyer_id, m.order_id, m.sequence, m.queue_id, m.lane, m.rank, m.change,
       m.cause, m.at
FROM (
    SELECT pg_snapshot_xmin(pg_current_snapshot()) AS oldest,
           pg_snapshot_xmax(pg_current_snapshot()) AS newest
) AS seen
LEFT JOIN earnest.queue_move AS m
    ON m.written_in >= %(since)s::xid8 AND m.written_in < seen.newest
ORDER BY m.written_in, m.rank, m.sequence, m.change;

-- name: count_cooling_off
-- Counts, for each queue, the orders whose free withdrawal runs: they have the deadline that ends it.
SELECT o.queue_id, count(*)
FROM earnest.deadline AS d
JOIN earnest.orders AS o ON o.buyer_id = d.buyer_id AND o.order_id = d.order_id
WHERE d.kind = %(kind)s
GROUP BY o.queue_id;

-- name: queues
-- Reads every queue, with the rank that it gives next.
SELECT queue_id, model_line, market, time_zone, next_rank
FROM earnest.queue
ORDER BY queue_id;

-- name: served_orders
-- Reads the orders of all queues that have a slot or a car and are not handed over, with the last event that gave it to them.
SELECT o.state::text, given.occurred_at, given.kind
FROM earnest.orders AS o
JOIN LATERAL (
    SELECT e.occurred_at, e.kind
    FROM earnest.event AS e
    WHERE e.buyer_id = o.buyer_id AND e.order_id = o.order_id AND e.kind = ANY(%(kinds)b::text[])
    ORDER BY e.sequence DESC
    LIMIT 1
) AS given ON true
WHERE o.later_stage = ANY(%(stages)b::text[]);

-- name: orders_of_ranks
-- Reads the orders of some ranks of one queue.
SELECT state::text
FROM earnest.orders
WHERE queue_id = %(queue_id)s AND rank = ANY(%(ranks)b::bigint[])
ORDER BY rank;

-- name: overtakings
-- Lists the overtakings on record, the newest first, each with the order of the rank that passed.
SELECT e.buyer_id, e.order_id, o.queue_id, o.rank, e.body::text, e.recorded_at, later.order_id
FROM earnest.event AS e
JOIN earnest.orders AS o ON o.buyer_id = e.buyer_id AND o.order_id = e.order_id
LEFT JOIN earnest.orders AS later
    ON later.queue_id = o.queue_id AND later.rank = (e.body ->> 'by_rank')::bigint
WHERE e.kind = 'Overtaken' AND (NOT %(only_inversions)s OR e.body ->> 'why' IS NULL)
ORDER BY e.recorded_at DESC, o.rank, e.sequence
OFFSET %(skip)s LIMIT %(limit)s;

-- name: record_moves
-- Reads all moves of a stretch of orders, to compare them with the fold of their events.
SELECT buyer_id, order_id, sequence, queue_id, lane, rank, change, cause, at
FROM earnest.queue_move
WHERE (buyer_id, order_id) >= (%(first_buyer_id)s, %(first_order_id)s)
  AND (buyer_id, order_id) <= (%(last_buyer_id)s, %(last_order_id)s)
ORDER BY buyer_id, order_id, sequence, change;
