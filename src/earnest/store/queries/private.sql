-- name: keep_content
-- Keeps a content of evidence under its digest; one that is there already stays.
INSERT INTO people.evidence (buyer_id, order_id, digest, content, stored_at)
VALUES (%(buyer_id)s, %(order_id)s, %(digest)s, %(content)b, %(stored_at)s)
ON CONFLICT DO NOTHING;

-- name: content_of_evidence
-- Reads a content only where this order of this buyer has it.
SELECT content
FROM people.evidence
WHERE buyer_id = %(buyer_id)s AND order_id = %(order_id)s AND digest = %(digest)s;

-- name: contents_of_order
-- Measures every content of one order anew, without moving it.
SELECT digest, encode(sha256(content), 'hex'), octet_length(content)
FROM people.evidence
WHERE buyer_id = %(buyer_id)s AND order_id = %(order_id)s
ORDER BY digest;

-- name: told_events
-- Reads a page of what a buyer was told, the newest first, over all orders of the buyer.
SELECT buyer_id, order_id, sequence, body::text, actor, command_key, recorded_at
FROM earnest.event
WHERE buyer_id = %(buyer_id)s
    AND NOT kind = ANY(%(untold)s::text[])
    AND (%(before)s::timestamptz IS NULL OR (recorded_at, order_id, sequence)
        < (%(before)s::timestamptz, %(before_order_id)s::text, %(before_sequence)s::integer))
ORDER BY recorded_at DESC, order_id DESC, sequence DESC
LIMIT %(limit)s;

-- name: notice_marks
-- Reads what became of a buyer's notices, or of those of one order.
SELECT order_id, sequence, channel, kind, at, proof
FROM people.notice_mark
WHERE buyer_id = %(buyer_id)s AND (%(order_id)s::text IS NULL OR order_id = %(order_id)s)
ORDER BY order_id, sequence, at, channel, kind;

-- name: mark_notices
-- Notes what became of notices; the first time stays.
INSERT INTO people.notice_mark (buyer_id, order_id, sequence, channel, kind, at, proof)
SELECT buyer_id, order_id, sequence, channel, kind, at, proof
FROM unnest(
    %(buyer_ids)s::text[], %(order_ids)s::text[], %(sequences)s::int[], %(channels)s::text[],
    %(kinds)s::text[], %(at)s::timestamptz[], %(proofs)s::text[]
) AS new (buyer_id, order_id, sequence, channel, kind, at, proof)
ON CONFLICT DO NOTHING;

-- name: notice_preferences
-- Reads how buyers want to be told; who never said has no row.
SELECT buyer_id, language, mail, sms
FROM people.notice_preference
WHERE buyer_id = ANY(%(buyer_ids)s::text[]);

-- name: prefer_notices
-- Says how a buyer wants to be told from now on.
INSERT INTO people.notice_preference (buyer_id, language, mail, sms, changed_at)
VALUES (%(buyer_id)s, %(language)s, %(mail)s, %(sms)s, %(changed_at)s)
ON CONFLICT (buyer_id) DO UPDATE
SET language = excluded.language,
    mail = excluded.mail,
    sms = excluded.sms,
    changed_at = excluded.changed_at;
