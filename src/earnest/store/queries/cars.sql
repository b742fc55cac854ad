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
