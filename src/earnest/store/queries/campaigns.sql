-- name: campaigns
-- Lists every version of every campaign, the oldest first; a maker has a handful.
SELECT body::text, actor, published_at, source
FROM earnest.campaign
ORDER BY published_at, campaign_id, version;

-- name: campaign_act
-- Reads the version that an actor published with a key.
SELECT body::text, actor, key, content_hash, published_at, source
FROM earnest.campaign
WHERE actor = %(actor)s AND key = %(key)s;

-- name: campaigns_beside
-- Reads the versions of a queue's campaigns and of a campaign, while acts of publishing wait for each other.
SELECT body::text, actor, published_at, source
FROM earnest.campaign
WHERE queue_id = %(queue_id)s OR campaign_id = %(campaign_id)s
ORDER BY published_at, campaign_id, version;

-- name: add_campaign
-- Publishes a version of a campaign with the act that published it.
INSERT INTO earnest.campaign (
    campaign_id, version, queue_id, body, actor, key, content_hash, published_at, source
)
VALUES (
    %(campaign_id)s, %(version)s, %(queue_id)s, %(body)s::text::json, %(actor)s, %(key)s,
    %(content_hash)s, %(published_at)s, %(source)s
);

-- name: set_campaign_quotas
-- Makes the counters of a campaign known with their quotas; what is taken stays.
INSERT INTO earnest.campaign_count (campaign_id, counter, queue_id, quota)
SELECT %(campaign_id)s, counter, %(queue_id)s, quota
FROM unnest(%(counters)s::text[], %(quotas)s::bigint[]) AS new (counter, quota)
ON CONFLICT (campaign_id, counter) DO UPDATE SET quota = excluded.quota;

-- name: lock_codes
-- Locks the codes that a group's reservations show, in id order and after the queues.
SELECT code_id, order_id, revoked_at IS NOT NULL
FROM earnest.priority_code
WHERE code_id = ANY(%(code_ids)b::text[])
ORDER BY code_id
FOR UPDATE;

-- name: lock_campaign_counts
-- Locks the counters of the queues' campaigns, after the codes: once per group, not per reservation.
SELECT campaign_id, counter, taken
FROM earnest.campaign_count
WHERE queue_id = ANY(%(queue_ids)b::text[])
ORDER BY campaign_id, counter
FOR UPDATE;

-- name: move_codes
-- Gives codes to orders and takes them back; each only while it stands where the group believes, which must be so for those it had locked.
WITH locked AS (
    SELECT code_id, order_id
    FROM earnest.priority_code
    WHERE code_id = ANY(%(code_ids)b::text[])
    ORDER BY code_id
    FOR UPDATE
), moved AS (
    UPDATE earnest.priority_code AS c
    SET order_id = new.order_id
    FROM unnest(
        %(code_ids)b::text[], %(orders_before)b::text[], %(order_ids)b::text[],
        %(were_locked)b::bool[]
    ) AS new (code_id, order_before, order_id, was_locked)
    JOIN locked USING (code_id)
    WHERE c.code_id = new.code_id AND locked.order_id IS NOT DISTINCT FROM new.order_before
    RETURNING new.was_locked
)
SELECT earnest.expect_rows(count(*) FILTER (WHERE was_locked), %(expected)s) FROM moved;

-- name: move_campaign_counts
-- Moves counters by what a group took and gave back, locking them in the order in which everybody does.
WITH locked AS (
    SELECT c.campaign_id, c.counter
    FROM earnest.campaign_count AS c
    JOIN unnest(%(campaign_ids)b::text[], %(counters)b::text[]) AS asked (campaign_id, counter)
        USING (campaign_id, counter)
    ORDER BY c.campaign_id, c.counter
    FOR UPDATE OF c
)
UPDATE earnest.campaign_count AS c
SET taken = c.taken + new.change
FROM unnest(
    %(campaign_ids)b::text[], %(counters)b::text[], %(changes)b::bigint[]
) AS new (campaign_id, counter, change)
JOIN locked USING (campaign_id, counter)
WHERE c.campaign_id = new.campaign_id AND c.counter = new.counter;

-- name: campaign_counts
-- Reads how many places of each quota of a campaign are taken, without waiting for a launch.
SELECT counter, quota, taken
FROM earnest.campaign_count
WHERE campaign_id = %(campaign_id)s
ORDER BY counter;

-- name: issued_codes
-- Counts the codes of each group of a campaign that are good until the same instant, and how many of them orders use; one that was revoked unused counts no more.
SELECT group_id, valid_until, count(*), count(order_id)
FROM earnest.priority_code
WHERE campaign_id = %(campaign_id)s AND (revoked_at IS NULL OR order_id IS NOT NULL)
GROUP BY group_id, valid_until
ORDER BY group_id, valid_until;

-- name: codes_of_campaign
-- Lists the codes of a campaign with the order that uses each.
SELECT code_id, group_id, buyer_id, valid_until, issued_by, order_id, revoked_at
FROM earnest.priority_code
WHERE campaign_id = %(campaign_id)s
ORDER BY group_id, code_id;

-- name: code_batch
-- Reads the codes that an actor issued with a key.
SELECT body::text FROM earnest.code_batch WHERE actor = %(actor)s AND key = %(key)s;

-- name: add_code_batch
-- Keeps the act that issues codes.
INSERT INTO earnest.code_batch (
    actor, key, content_hash, campaign_id, group_id, body, issued_at
)
VALUES (
    %(actor)s, %(key)s, %(content_hash)s, %(campaign_id)s, %(group_id)s, %(body)s::text::json,
    %(issued_at)s
);

-- name: add_codes
-- Puts the codes of a batch on record, so that a code that is only signed opens nothing.
INSERT INTO earnest.priority_code (
    code_id, campaign_id, group_id, buyer_id, valid_until, issued_by, batch_key
)
SELECT code_id, %(campaign_id)s, %(group_id)s, buyer_id, %(valid_until)s, %(actor)s, %(key)s
FROM unnest(%(code_ids)s::text[], %(buyer_ids)s::text[]) AS new (code_id, buyer_id);

-- name: add_campaign_members
-- Puts buyers on the list of an invited group; whoever is on it stays.
INSERT INTO people.campaign_member (campaign_id, group_id, buyer_id)
SELECT %(campaign_id)s, %(group_id)s, buyer_id
FROM unnest(%(buyer_ids)s::text[]) AS new (buyer_id)
ON CONFLICT DO NOTHING;

-- name: campaign_members
-- Looks which buyers are on the list of the invited group by which they come, for everybody who asks at once.
SELECT m.campaign_id, m.group_id, m.buyer_id
FROM unnest(
    %(campaign_ids)b::text[], %(group_ids)b::text[], %(buyer_ids)b::text[]
) AS asked (campaign_id, group_id, buyer_id)
JOIN people.campaign_member AS m
    ON m.campaign_id = asked.campaign_id AND m.group_id = asked.group_id
    AND m.buyer_id = asked.buyer_id;

-- name: add_campaign_interest
-- Notes that a buyer wants to be told of a campaign.
INSERT INTO people.campaign_interest (campaign_id, buyer_id, registered_at)
VALUES (%(campaign_id)s, %(buyer_id)s, %(registered_at)s)
ON CONFLICT DO NOTHING;

-- name: drop_campaign_interest
-- Forgets that a buyer wanted to be told of a campaign.
DELETE FROM people.campaign_interest
WHERE campaign_id = %(campaign_id)s AND buyer_id = %(buyer_id)s;

-- name: campaign_audience
-- Lists everybody who has to be told when something about a campaign moves, each once: who asked for it, who is invited by name, who has a code of their own, who waits in its room.
SELECT buyer_id FROM people.campaign_interest WHERE campaign_id = %(campaign_id)s
UNION
SELECT buyer_id FROM people.campaign_member WHERE campaign_id = %(campaign_id)s
UNION
SELECT buyer_id FROM earnest.priority_code
WHERE campaign_id = %(campaign_id)s AND buyer_id IS NOT NULL
UNION
SELECT buyer_id FROM earnest.waiting_place WHERE launch = %(campaign_id)s
ORDER BY buyer_id;

-- name: attributed_orders
-- Counts the orders of a campaign by channel, friend and group, and what became of them; each state is taken apart once.
SELECT
    s.attribution ->> 'channel',
    s.attribution ->> 'referral',
    s.attribution ->> 'group_id',
    count(*),
    count(s.deposited_at),
    count(*) FILTER (WHERE s.lock IS NOT NULL),
    count(*) FILTER (WHERE o.stage = 'withdrawn'),
    count(*) FILTER (WHERE o.stage = 'lapsed'),
    count(s.handed_over_at),
    coalesce(sum((s.deposit ->> 'amount')::bigint) FILTER (WHERE s.deposited_at IS NOT NULL), 0)::bigint,
    min(s.deposit ->> 'currency')
FROM earnest.orders AS o
CROSS JOIN LATERAL json_to_record(o.state) AS s (
    attribution json, deposited_at text, lock json, handed_over_at text, deposit json
)
WHERE o.queue_id = %(queue_id)s
    AND s.attribution ->> 'campaign_id' = %(campaign_id)s
GROUP BY 1, 2, 3
ORDER BY 1 NULLS FIRST, 2 NULLS FIRST, 3 NULLS FIRST;

-- name: revoke_codes
-- Revokes codes of a campaign that no order uses; one that is used or revoked stays as it is.
WITH locked AS (
    SELECT code_id
    FROM earnest.priority_code
    WHERE campaign_id = %(campaign_id)s AND code_id = ANY(%(code_ids)s::text[])
    ORDER BY code_id
    FOR UPDATE
)
UPDATE earnest.priority_code AS c
SET revoked_at = %(at)s, revoked_by = %(actor)s
FROM locked
WHERE c.code_id = locked.code_id AND c.order_id IS NULL AND c.revoked_at IS NULL
RETURNING c.code_id;

-- name: campaign_looks
-- Reads how often the page of a campaign was asked for, by channel.
SELECT channel, looks FROM earnest.campaign_looks WHERE campaign_id = %(campaign_id)s;
