-- name: orders_that_gave_cars_up
-- Reads the orders that were cancelled with a car which is not sold, and those whose buyers refused a car and wait for another.
SELECT o.state::text
FROM earnest.orders AS o
WHERE o.later_stage = 'cancelled' AND o.vin IS NOT NULL AND o.state -> 'resold_for' IS NULL
UNION ALL
SELECT o.state::text
FROM earnest.orders AS o
WHERE o.stage IN ('locked', 'scheduled', 'built')
    AND (o.buyer_id, o.order_id) IN (
        SELECT i.buyer_id, i.order_id FROM earnest.inspection AS i WHERE i.result = 'refused'
    );

-- name: orders_waiting_for_car
-- Reads who waits for a car of one configuration in a queue and could be given one, by rank; an order writes the same configuration the same way.
SELECT o.state::text
FROM earnest.orders AS o
WHERE o.queue_id = %(queue_id)s AND o.stage IN ('locked', 'scheduled')
    AND o.state ->> 'configuration' = %(configuration)s
    AND o.state -> 'deferral' IS NULL
ORDER BY o.rank
LIMIT %(most)s;

-- name: drop_freed_slots
-- Removes the slots that orders of a group had left, before those that they leave now are written.
DELETE FROM earnest.freed_slot AS f
USING unnest(%(buyer_ids)b::text[], %(order_ids)b::text[]) AS changed (buyer_id, order_id)
WHERE f.buyer_id = changed.buyer_id AND f.order_id = changed.order_id;

-- name: put_freed_slots
-- Writes the slots that orders of a group have left and nobody has.
INSERT INTO earnest.freed_slot (buyer_id, order_id, plant, week)
SELECT buyer_id, order_id, plant, week
FROM unnest(
    %(buyer_ids)b::text[], %(order_ids)b::text[], %(plants)b::text[], %(weeks)b::text[]
) AS new (buyer_id, order_id, plant, week)
ON CONFLICT DO NOTHING;

-- name: orders_that_left_slots
-- Reads the orders that left a slot of a week that is not over; weeks sort by their names.
SELECT o.state::text
FROM earnest.orders AS o
WHERE (o.buyer_id, o.order_id) IN (
    SELECT f.buyer_id, f.order_id FROM earnest.freed_slot AS f WHERE f.week >= %(week)s
)
ORDER BY o.buyer_id, o.order_id;

-- name: slots_taken_since
-- Reads the slots that went on from one order to another since a plan was applied, by who had left them.
SELECT buyer_id, order_id, body #>> '{slot,plant}', body #>> '{slot,week}'
FROM earnest.event
WHERE kind = 'SlotTaken' AND recorded_at >= %(since)s
ORDER BY buyer_id, order_id, sequence;
