-- name: sale_pauses
-- Lists every pause of every sale, the earliest first; a maker has a handful.
SELECT
    queue_id, number, since, texts::text, paused_by, resumed_at, resumed_by, settled_at
FROM earnest.sale_pause
ORDER BY queue_id, number;

-- name: lock_queue
-- Waits until no group of reservations of a queue is under way, and lets none begin before the end.
SELECT queue_id FROM earnest.queue WHERE queue_id = %(queue_id)s FOR UPDATE;

-- name: pauses_of_queue
-- Reads the pauses of a queue with the acts that began and ended each, under its lock.
SELECT
    queue_id, number, since, texts::text, paused_by, resumed_at, resumed_by, settled_at
FROM earnest.sale_pause
WHERE queue_id = %(queue_id)s
ORDER BY number;

-- name: pause_by_act
-- Finds the pause that an actor began or ended with a key, and with which content.
SELECT
    queue_id, number, since, texts::text, paused_by, resumed_at, resumed_by, settled_at,
    CASE WHEN paused_by = %(actor)s AND pause_key = %(key)s THEN pause_hash ELSE resume_hash END
FROM earnest.sale_pause
WHERE (paused_by = %(actor)s AND pause_key = %(key)s)
    OR (resumed_by = %(actor)s AND resume_key = %(key)s);

-- name: add_sale_pause
-- Keeps a pause with the act that began it.
INSERT INTO earnest.sale_pause (
    queue_id, number, since, texts, paused_by, pause_key, pause_hash
)
VALUES (
    %(queue_id)s, %(number)s, %(since)s, %(texts)s::text::json, %(actor)s, %(key)s, %(content_hash)s
);

-- name: end_sale_pause
-- Keeps when a pause was over, with the act that ended it.
UPDATE earnest.sale_pause
SET resumed_at = %(resumed_at)s, resumed_by = %(actor)s, resume_key = %(key)s,
    resume_hash = %(content_hash)s
WHERE queue_id = %(queue_id)s AND number = %(number)s AND resumed_at IS NULL;

-- name: mark_queue_paused
-- Puts the pause beside the counter that every group of reservations locks, or takes it away.
UPDATE earnest.queue SET paused = %(paused)s::text::json WHERE queue_id = %(queue_id)s;

-- name: settle_sale_pause
-- Notes that the time of a pause was given back to everybody.
UPDATE earnest.sale_pause
SET settled_at = %(at)s
WHERE queue_id = %(queue_id)s AND number = %(number)s AND settled_at IS NULL;

-- name: orders_in_pause
-- Walks the orders that a pause may have cost time: reserved before its end, and neither locked nor over.
SELECT buyer_id, order_id
FROM earnest.orders
WHERE queue_id = %(queue_id)s AND stage = ANY(%(stages)s::text[]) AND reserved_at < %(resumed_at)s
    AND (buyer_id, order_id) > (%(after_buyer_id)s, %(after_order_id)s)
ORDER BY buyer_id, order_id
LIMIT %(limit)s;
