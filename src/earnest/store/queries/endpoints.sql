-- name: webhook_endpoints
-- Reads every address that is told of events, the oldest first.
SELECT endpoint_id, url, secret_reference, kinds, active, created_at, earlier_reference, rotated_at
FROM earnest.webhook_endpoint
ORDER BY created_at, endpoint_id;

-- name: add_webhook_endpoint
-- Adds an address.
INSERT INTO earnest.webhook_endpoint (endpoint_id, url, secret_reference, kinds, active, created_at)
VALUES (%(endpoint_id)s, %(url)s, %(secret_reference)s, %(kinds)s, %(active)s, %(created_at)s)
ON CONFLICT DO NOTHING;

-- name: switch_webhook_endpoint
-- Switches an address on or off; what was delivered stays to be looked at.
UPDATE earnest.webhook_endpoint SET active = %(active)s WHERE endpoint_id = %(endpoint_id)s;

-- name: rotate_webhook_endpoint
-- Gives an address another secret, and keeps the reference of the one before, which signs too for a while.
UPDATE earnest.webhook_endpoint
SET earlier_reference = secret_reference, secret_reference = %(reference)s, rotated_at = %(at)s
WHERE endpoint_id = %(endpoint_id)s
RETURNING endpoint_id, url, secret_reference, kinds, active, created_at, earlier_reference,
    rotated_at;

-- name: note_webhook_deliveries
-- Notes how deliveries fared; of one that was tried again the last result stands.
INSERT INTO earnest.webhook_delivery AS old
    (endpoint_id, webhook_id, buyer_id, order_id, sequence, kind, delivered_at, result, explanation,
    answer_status, next_try_at)
SELECT endpoint_id, webhook_id, buyer_id, order_id, sequence, kind, delivered_at, result, explanation,
    answer_status, next_try_at
FROM unnest(
    %(endpoint_ids)s::text[], %(webhook_ids)s::text[], %(buyer_ids)s::text[],
    %(order_ids)s::text[], %(sequences)s::int[], %(kinds)s::text[], %(delivered_at)s::timestamptz[],
    %(results)s::text[], %(explanations)s::text[], %(answer_statuses)s::int[],
    %(next_tries)s::timestamptz[]
) AS new (endpoint_id, webhook_id, buyer_id, order_id, sequence, kind, delivered_at, result,
    explanation, answer_status, next_try_at)
ON CONFLICT (endpoint_id, webhook_id) DO UPDATE
SET delivered_at = excluded.delivered_at,
    result = excluded.result,
    explanation = excluded.explanation,
    answer_status = excluded.answer_status,
    next_try_at = coalesce(
        excluded.next_try_at, CASE WHEN excluded.result = 'late' THEN old.next_try_at END
    ),
    attempts = old.attempts + 1;

-- name: forget_webhook_deliveries
-- Forgets all but the last deliveries of each address, so that the table does not grow with orders.
DELETE FROM earnest.webhook_delivery AS old
USING (
    SELECT endpoint_id, webhook_id,
        row_number() OVER (
            PARTITION BY endpoint_id ORDER BY delivered_at DESC, webhook_id DESC
        ) AS place
    FROM earnest.webhook_delivery
) AS listed
WHERE listed.endpoint_id = old.endpoint_id AND listed.webhook_id = old.webhook_id
    AND listed.place > %(most)s;

-- name: webhook_deliveries
-- Reads the last deliveries of an address, the newest first.
SELECT endpoint_id, webhook_id, buyer_id, order_id, sequence, kind, delivered_at, result, explanation,
    answer_status, next_try_at, attempts
FROM earnest.webhook_delivery
WHERE endpoint_id = %(endpoint_id)s
ORDER BY delivered_at DESC, webhook_id DESC
LIMIT %(most)s;
