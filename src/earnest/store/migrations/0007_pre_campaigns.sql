-- Campaigns: versions of what is announced, how many places of their quotas are taken, codes.
--
-- None of these tables grows with orders: a campaign has a handful of versions and counters and as
-- many codes as its published quotas. What orders remember of a campaign stands in their events.

CREATE TABLE earnest.campaign (
    campaign_id text COLLATE "C" NOT NULL CHECK (campaign_id <> ''),
    version integer NOT NULL CHECK (version >= 1),
    queue_id text COLLATE "C" NOT NULL REFERENCES earnest.queue,
    body json NOT NULL CHECK (json_typeof(body) = 'object'),
    actor text COLLATE "C" NOT NULL CHECK (actor <> ''),
    key text COLLATE "C" NOT NULL CHECK (key <> ''),
    content_hash text COLLATE "C" NOT NULL CHECK (content_hash <> ''),
    published_at timestamptz NOT NULL,
    PRIMARY KEY (campaign_id, version),
    UNIQUE (actor, key)
);
COMMENT ON TABLE earnest.campaign IS
    'Every published version of every campaign, with the act that published it. The newest is in force. Append-only.';

CREATE INDEX campaign_by_queue ON earnest.campaign (queue_id, published_at);

CREATE TABLE earnest.campaign_count (
    campaign_id text COLLATE "C" NOT NULL,
    counter text COLLATE "C" NOT NULL CHECK (counter <> ''),
    queue_id text COLLATE "C" NOT NULL REFERENCES earnest.queue,
    quota bigint NOT NULL CHECK (quota >= 0),
    taken bigint NOT NULL DEFAULT 0 CHECK (taken >= 0),
    PRIMARY KEY (campaign_id, counter)
);
COMMENT ON TABLE earnest.campaign_count IS
    'One row per published quota of a campaign: a group''s places, a benefit''s number. Raised once per group, under its lock. A place that a late payment brings back may stand beyond the quota.';

CREATE INDEX campaign_count_by_queue ON earnest.campaign_count (queue_id);

CREATE TABLE earnest.code_batch (
    actor text COLLATE "C" NOT NULL CHECK (actor <> ''),
    key text COLLATE "C" NOT NULL CHECK (key <> ''),
    content_hash text COLLATE "C" NOT NULL CHECK (content_hash <> ''),
    campaign_id text COLLATE "C" NOT NULL,
    group_id text COLLATE "C" NOT NULL,
    body json NOT NULL CHECK (json_typeof(body) = 'object'),
    issued_at timestamptz NOT NULL,
    PRIMARY KEY (actor, key)
);
COMMENT ON TABLE earnest.code_batch IS 'Who issued how many codes to which group of a campaign, once per key. Append-only.';

CREATE TABLE earnest.priority_code (
    code_id text COLLATE "C" PRIMARY KEY CHECK (octet_length(code_id) = 16),
    campaign_id text COLLATE "C" NOT NULL,
    group_id text COLLATE "C" NOT NULL,
    buyer_id text COLLATE "C",
    valid_until timestamptz NOT NULL,
    issued_by text COLLATE "C" NOT NULL,
    batch_key text COLLATE "C" NOT NULL,
    order_id text COLLATE "C",
    FOREIGN KEY (issued_by, batch_key) REFERENCES earnest.code_batch (actor, key)
);
COMMENT ON TABLE earnest.priority_code IS
    'Every issued code. order_id is the order that uses it: the one column that changes, so that a code is used once. The code itself is a signature and is not kept.';

CREATE INDEX priority_code_by_group ON earnest.priority_code (campaign_id, group_id);

DO $$
DECLARE
    each text;
BEGIN
    FOREACH each IN ARRAY ARRAY['campaign', 'code_batch'] LOOP
        EXECUTE format(
            'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON earnest.%I
             FOR EACH STATEMENT EXECUTE FUNCTION earnest.refuse_change()', each
        );
        EXECUTE format('ALTER TABLE earnest.%I ENABLE ALWAYS TRIGGER append_only', each);
    END LOOP;
END;
$$;

CREATE TABLE people.campaign_member (
    campaign_id text COLLATE "C" NOT NULL,
    group_id text COLLATE "C" NOT NULL,
    buyer_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (campaign_id, group_id, buyer_id)
);
COMMENT ON TABLE people.campaign_member IS 'Buyers on the list of an invited group.';

CREATE TABLE people.campaign_interest (
    campaign_id text COLLATE "C" NOT NULL,
    buyer_id text COLLATE "C" NOT NULL,
    registered_at timestamptz NOT NULL,
    PRIMARY KEY (campaign_id, buyer_id)
);
COMMENT ON TABLE people.campaign_interest IS 'Buyers who want to be told when something about a campaign moves.';
