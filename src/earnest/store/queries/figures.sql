-- name: put_server_figures
-- Writes what one server process saw, and forgets those that stopped writing.
WITH forgotten AS (
    DELETE FROM earnest.server_figures
    WHERE written_at < %(at)s::timestamptz - interval '1 minute' AND server <> %(server)s
)
INSERT INTO earnest.server_figures (server, body, written_at)
VALUES (%(server)s, %(body)s::text::json, %(at)s)
ON CONFLICT (server) DO UPDATE SET body = excluded.body, written_at = excluded.written_at;

-- name: server_figures
-- Reads what the server processes saw that wrote it down lately.
SELECT body::text FROM earnest.server_figures WHERE written_at > %(since)s ORDER BY server;

-- name: add_campaign_looks
-- Adds to how often pages of campaigns were asked for.
INSERT INTO earnest.campaign_looks (campaign_id, channel, looks)
SELECT * FROM unnest(%(campaign_ids)s::text[], %(channels)s::text[], %(looks)s::bigint[])
ON CONFLICT (campaign_id, channel) DO UPDATE SET looks = earnest.campaign_looks.looks + excluded.looks;

-- name: checkout_states
-- Counts the payments of a queue that a provider has to open first, and those that it would not.
SELECT count(*) FILTER (WHERE state <> 'refused'), count(*) FILTER (WHERE state = 'refused')
FROM earnest.checkout
WHERE queue_id = %(queue_id)s;

-- name: inbox_outcomes
-- Counts the messages of providers that no order could be found for.
SELECT provider, coalesce(outcome, ''), count(*)
FROM earnest.inbox
WHERE order_id IS NULL
GROUP BY provider, outcome
ORDER BY provider, outcome;
