-- name: lock_centres
-- Locks the centres that commands of a group name or book at, after the orders and in id order, so that bays are counted by one group at a time.
SELECT c.centre_id, c.body::text
FROM earnest.centre AS c
WHERE c.centre_id = ANY(%(centre_ids)b::text[])
    OR c.centre_id IN (
        SELECT d.centre_id
        FROM unnest(%(buyer_ids)b::text[], %(order_ids)b::text[]) AS asked (buyer_id, order_id)
        JOIN earnest.delivery AS d ON d.buyer_id = asked.buyer_id AND d.order_id = asked.order_id
    )
ORDER BY c.centre_id
FOR UPDATE;

-- name: bays_taken
-- Reads the bays that are taken at the locked centres from an instant on; runs after the lock, under which alone one is added.
SELECT d.buyer_id, d.order_id, d.centre_id, d.bay, d.begins, d.ends
FROM earnest.delivery AS d
WHERE d.ends > %(since)s
    AND (
        d.centre_id = ANY(%(centre_ids)b::text[])
        OR d.centre_id IN (
            SELECT own.centre_id
            FROM unnest(%(buyer_ids)b::text[], %(order_ids)b::text[]) AS asked (buyer_id, order_id)
            JOIN earnest.delivery AS own
                ON own.buyer_id = asked.buyer_id AND own.order_id = asked.order_id
        )
    );

-- name: drop_deliveries
-- Removes where the orders of a group went, before it is written where they go now.
DELETE FROM earnest.delivery AS d
USING unnest(%(buyer_ids)b::text[], %(order_ids)b::text[]) AS gone (buyer_id, order_id)
WHERE d.buyer_id = gone.buyer_id AND d.order_id = gone.order_id;

-- name: put_deliveries
-- Writes to which centre the orders of a group go, with bay and time where one is booked; the trigger looks at each row once all are written.
INSERT INTO earnest.delivery (buyer_id, order_id, centre_id, bay, begins, ends)
SELECT buyer_id, order_id, centre_id, bay, begins, ends
FROM unnest(
    %(buyer_ids)b::text[], %(order_ids)b::text[], %(centre_ids)b::text[], %(bays)b::smallint[],
    %(begins)b::timestamptz[], %(ends)b::timestamptz[]
) AS new (buyer_id, order_id, centre_id, bay, begins, ends);

-- name: lock_centre
-- Locks one centre while it is changed, so that nobody books meanwhile.
SELECT bays FROM earnest.centre WHERE centre_id = %(centre_id)s FOR UPDATE;

-- name: bay_beyond
-- Finds the first appointment that is not over in a bay that a centre would no longer have.
SELECT bay, begins
FROM earnest.delivery
WHERE centre_id = %(centre_id)s AND bay > %(bays)s AND ends > %(now)s
ORDER BY begins, bay
LIMIT 1;

-- name: put_centre
-- Adds a centre or replaces what is known of it.
INSERT INTO earnest.centre (centre_id, bays, body, changed_by, changed_at)
VALUES (%(centre_id)s, %(bays)s, %(body)s::text::json, %(changed_by)s, %(changed_at)s)
ON CONFLICT (centre_id) DO UPDATE
SET bays = EXCLUDED.bays, body = EXCLUDED.body,
    changed_by = EXCLUDED.changed_by, changed_at = EXCLUDED.changed_at;

-- name: centres
-- Lists every centre; a maker has a few hundred at most.
SELECT body::text, changed_by, changed_at FROM earnest.centre ORDER BY centre_id;

-- name: centre
-- Reads one centre.
SELECT body::text FROM earnest.centre WHERE centre_id = %(centre_id)s;

-- name: bays_of_centre
-- Reads which bays of a centre are taken from an instant on, for whoever looks for a free one.
SELECT bay, begins, ends
FROM earnest.delivery
WHERE centre_id = %(centre_id)s AND ends > %(since)s
ORDER BY begins, bay;

-- name: orders_at_centre
-- Reads the orders of a centre that are to be seen: with an appointment in a window, or with a car that is built and not handed over.
SELECT o.state::text
FROM earnest.delivery AS d
JOIN earnest.orders AS o ON o.buyer_id = d.buyer_id AND o.order_id = d.order_id
WHERE d.centre_id = %(centre_id)s
    AND (
        (d.begins < %(ends)s AND d.ends > %(begins)s)
        OR o.stage IN ('built', 'in_transit', 'tendered', 'inspected', 'paid')
    )
ORDER BY d.begins NULLS LAST, d.buyer_id, d.order_id
LIMIT %(limit)s;
