-- name: trail
-- Reads what staff did, the newest first: events of orders that they caused and acts beside orders, each from its own index.
SELECT at, place, actor, kind, order_id, subject, detail
FROM (
    (
        SELECT recorded_at AS at,
            'e' || buyer_id || order_id || lpad(sequence::text, 8, '0') AS place,
            actor, kind, order_id, '' AS subject, '' AS detail
        FROM earnest.event
        WHERE actor LIKE 'staff:%%'
            AND (%(actor_id)s::text IS NULL OR actor = %(actor_id)s)
            AND (%(kind)s::text IS NULL OR kind = %(kind)s)
            AND (%(order_id)s::text IS NULL OR order_id = %(order_id)s)
            AND (%(begins)s::timestamptz IS NULL OR recorded_at >= %(begins)s)
            AND (%(ends)s::timestamptz IS NULL OR recorded_at < %(ends)s)
            AND (%(before)s::timestamptz IS NULL
                OR recorded_at < %(before)s
                OR (recorded_at = %(before)s
                    AND 'e' || buyer_id || order_id || lpad(sequence::text, 8, '0') < %(place)s))
        ORDER BY recorded_at DESC, buyer_id DESC, order_id DESC, sequence DESC
        LIMIT %(limit)s
    )
    UNION ALL
    (
        SELECT at, 'a' || lpad(act_number::text, 19, '0') AS place,
            actor_id, kind, NULL, subject, detail
        FROM people.act
        WHERE %(order_id)s::text IS NULL
            AND (%(actor_id)s::text IS NULL OR actor_id = %(actor_id)s)
            AND (%(kind)s::text IS NULL OR kind = %(kind)s)
            AND (%(begins)s::timestamptz IS NULL OR at >= %(begins)s)
            AND (%(ends)s::timestamptz IS NULL OR at < %(ends)s)
            AND (%(before)s::timestamptz IS NULL
                OR at < %(before)s
                OR (at = %(before)s AND 'a' || lpad(act_number::text, 19, '0') < %(place)s))
        ORDER BY at DESC, act_number DESC
        LIMIT %(limit)s
    )
) AS lines
ORDER BY at DESC, place COLLATE "C" DESC
LIMIT %(limit)s;
