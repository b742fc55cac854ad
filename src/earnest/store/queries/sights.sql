-- name: add_sight
-- Notes what of whom was shown to somebody of the staff, in one round trip, before it is shown.
INSERT INTO people.sight (at, actor_id, session_id, roles, kinds, buyer_ids, order_ids)
VALUES (%(at)s, %(actor_id)s, %(session_id)s, %(roles)s, %(kinds)s, %(buyer_ids)s, %(order_ids)s);

-- name: sights
-- Reads who was shown something, the newest first, along the index by time or by person of the staff.
SELECT lpad(sight_number::text, 19, '0'), at, actor_id, session_id, roles, kinds, buyer_ids,
    order_ids
FROM people.sight
WHERE (%(actor_id)s::text IS NULL OR actor_id = %(actor_id)s)
    AND (%(begins)s::timestamptz IS NULL OR at >= %(begins)s)
    AND (%(ends)s::timestamptz IS NULL OR at < %(ends)s)
    AND (%(before)s::timestamptz IS NULL
        OR (at, sight_number) < (%(before)s, %(place)s::bigint))
ORDER BY at DESC, sight_number DESC
LIMIT %(limit)s;

-- name: sights_about
-- Reads who was shown something about one person or order, the newest first, along the index by their ids.
SELECT lpad(sight_number::text, 19, '0'), at, actor_id, session_id, roles, kinds, buyer_ids,
    order_ids
FROM people.sight
WHERE (buyer_ids @> ARRAY[%(about)s::text] OR order_ids @> ARRAY[%(about)s::text])
    AND (%(actor_id)s::text IS NULL OR actor_id = %(actor_id)s)
    AND (%(begins)s::timestamptz IS NULL OR at >= %(begins)s)
    AND (%(ends)s::timestamptz IS NULL OR at < %(ends)s)
    AND (%(before)s::timestamptz IS NULL
        OR (at, sight_number) < (%(before)s, %(place)s::bigint))
ORDER BY at DESC, sight_number DESC
LIMIT %(limit)s;
