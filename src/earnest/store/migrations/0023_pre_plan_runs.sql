-- Dry runs that go on beside the doors, and what came out, so that every process can show them.
--
-- A run is no fact: it is kept for some days and then forgotten with its pages.

CREATE TABLE earnest.plan_run (
    run_id text COLLATE "C" PRIMARY KEY CHECK (octet_length(run_id) = 16),
    asked_at timestamptz NOT NULL,
    body json NOT NULL
);
COMMENT ON TABLE earnest.plan_run IS
    'A dry run of a plan: who asked for what, how far it is, and what came out. Kept for some days.';

CREATE TABLE earnest.plan_run_page (
    run_id text COLLATE "C" NOT NULL REFERENCES earnest.plan_run ON DELETE CASCADE,
    page integer NOT NULL CHECK (page >= 1),
    moves json NOT NULL,
    PRIMARY KEY (run_id, page)
);
COMMENT ON TABLE earnest.plan_run_page IS 'The moves of a dry run as they are shown, a page in a row.';

-- Overtakings are few among very many events, and the office lists them by when they were found.
CREATE INDEX event_of_overtaking ON earnest.event (recorded_at) WHERE kind = 'Overtaken';
