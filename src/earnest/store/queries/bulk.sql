-- name: add_bulk_act
-- Keeps what somebody asked for many orders, once.
INSERT INTO earnest.bulk_act (
    bulk_id, actor, content_hash, command, buyer_ids, order_ids, asked_at
)
VALUES (
    %(bulk_id)s, %(actor)s, %(content_hash)s, %(command)s::text::json,
    %(buyer_ids)b::text[], %(order_ids)b::text[], %(asked_at)s
)
ON CONFLICT DO NOTHING;

-- name: bulk_act
-- Reads one act with whether all its commands were given.
SELECT act.bulk_id, act.content_hash, act.command::text, act.buyer_ids, act.order_ids,
    finished.finished_at
FROM earnest.bulk_act AS act
LEFT JOIN earnest.bulk_finished AS finished ON finished.bulk_id = act.bulk_id
WHERE act.bulk_id = %(bulk_id)s;

-- name: latest_bulk_acts
-- Reads the acts that were asked last, for the list of them.
SELECT act.bulk_id, act.content_hash, act.command::text, act.buyer_ids, act.order_ids,
    finished.finished_at
FROM earnest.bulk_act AS act
LEFT JOIN earnest.bulk_finished AS finished ON finished.bulk_id = act.bulk_id
ORDER BY act.asked_at DESC, act.bulk_id
LIMIT %(limit)s;

-- name: unfinished_bulk_acts
-- Finds acts that still have commands to give, the oldest first.
SELECT act.bulk_id, act.content_hash, act.command::text, act.buyer_ids, act.order_ids, NULL
FROM earnest.bulk_act AS act
WHERE NOT EXISTS (SELECT FROM earnest.bulk_finished AS done WHERE done.bulk_id = act.bulk_id)
ORDER BY act.asked_at, act.bulk_id;

-- name: bulk_answers
-- Reads what the desk answered to the commands of an act, along their keys.
SELECT known.order_id, known.answer::text
FROM unnest(%(buyer_ids)b::text[], %(keys)b::text[]) AS asked (buyer_id, key)
JOIN earnest.command AS known
    ON known.buyer_id = asked.buyer_id AND known.actor = %(actor)s AND known.key = asked.key;

-- name: finish_bulk_act
-- Notes that every command of an act was given.
INSERT INTO earnest.bulk_finished (bulk_id, finished_at)
VALUES (%(bulk_id)s, %(at)s)
ON CONFLICT DO NOTHING;
