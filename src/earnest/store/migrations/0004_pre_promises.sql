-- Public promises: what a maker said to everybody, and what every order of its time can rely on.

CREATE TABLE earnest.public_promise (
    promise_id text COLLATE "C" PRIMARY KEY CHECK (promise_id <> ''),
    queue_id text COLLATE "C" NOT NULL REFERENCES earnest.queue,
    body json NOT NULL CHECK (json_typeof(body) = 'object'),
    published_at timestamptz NOT NULL
);
COMMENT ON TABLE earnest.public_promise IS 'What the maker promised publicly in a queue, with its text, source and validity; never taken back.';

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON earnest.public_promise
    FOR EACH STATEMENT EXECUTE FUNCTION earnest.refuse_change();
ALTER TABLE earnest.public_promise ENABLE ALWAYS TRIGGER append_only;
