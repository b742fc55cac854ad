-- Pauses of sales, the text of campaigns as their makers wrote it, revoked codes, and figures of
-- servers and of looks at a campaign.

CREATE TABLE earnest.sale_pause (
    queue_id text COLLATE "C" NOT NULL REFERENCES earnest.queue,
    number integer NOT NULL CHECK (number >= 1),
    since timestamptz NOT NULL,
    texts json NOT NULL CHECK (json_typeof(texts) = 'object'),
    paused_by text COLLATE "C" NOT NULL CHECK (paused_by <> ''),
    pause_key text COLLATE "C" NOT NULL CHECK (pause_key <> ''),
    pause_hash text COLLATE "C" NOT NULL,
    resumed_at timestamptz CHECK (resumed_at >= since),
    resumed_by text COLLATE "C" CHECK (resumed_by <> ''),
    resume_key text COLLATE "C" CHECK (resume_key <> ''),
    resume_hash text COLLATE "C",
    settled_at timestamptz CHECK (settled_at >= resumed_at),
    PRIMARY KEY (queue_id, number),
    UNIQUE (paused_by, pause_key),
    UNIQUE (resumed_by, resume_key),
    CONSTRAINT resumed_by_somebody CHECK (num_nulls(resumed_at, resumed_by, resume_key, resume_hash) IN (0, 4)),
    CONSTRAINT settled_once_resumed CHECK (settled_at IS NULL OR resumed_at IS NOT NULL)
);
COMMENT ON TABLE earnest.sale_pause IS
    'Every pause of a queue''s sale, why, by whom, and when it was over; settled_at is when the time had been given back to every order that ran into it.';

CREATE UNIQUE INDEX sale_pause_running ON earnest.sale_pause (queue_id) WHERE resumed_at IS NULL;
CREATE INDEX sale_pause_unsettled ON earnest.sale_pause (queue_id) WHERE settled_at IS NULL;

ALTER TABLE earnest.queue ADD COLUMN paused json CHECK (json_typeof(paused) = 'object');
COMMENT ON COLUMN earnest.queue.paused IS
    'The pause of the sale while one goes on, beside the counter that every group of reservations locks: whoever locks it later than a pause knows of it.';

ALTER TABLE earnest.campaign ADD COLUMN source text NOT NULL DEFAULT '';
COMMENT ON COLUMN earnest.campaign.source IS 'The file as its maker wrote it, to write the next version from.';

ALTER TABLE earnest.priority_code
    ADD COLUMN revoked_at timestamptz,
    ADD COLUMN revoked_by text COLLATE "C" CHECK (revoked_by <> ''),
    ADD CONSTRAINT revoked_by_somebody CHECK ((revoked_at IS NULL) = (revoked_by IS NULL));

CREATE TABLE earnest.campaign_looks (
    campaign_id text COLLATE "C" NOT NULL,
    channel text COLLATE "C" NOT NULL,
    looks bigint NOT NULL CHECK (looks >= 0),
    PRIMARY KEY (campaign_id, channel)
);
COMMENT ON TABLE earnest.campaign_looks IS
    'How often the page of a campaign was asked for through a channel (empty: none). It names nobody, and counts requests, not people.';

CREATE UNLOGGED TABLE earnest.server_figures (
    server text COLLATE "C" PRIMARY KEY CHECK (server <> ''),
    body json NOT NULL CHECK (json_typeof(body) = 'object'),
    written_at timestamptz NOT NULL
);
COMMENT ON TABLE earnest.server_figures IS
    'What each server process saw at its doors, written once a second. Lost in a crash, and worth nothing a minute later.';
