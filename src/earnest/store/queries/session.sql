-- name: prepare_session
-- Gives every pooled connection the rights, the time zone and the limits of the application, in one round trip. Plans are kept, so none may be made that reads a whole table because the table was still small.
SELECT
    set_config('role', 'earnest_app', false),
    set_config('TimeZone', 'UTC', false),
    set_config('search_path', 'earnest, people, procrastinate', false),
    set_config('enable_seqscan', 'off', false),
    set_config('jit', 'off', false),
    set_config('statement_timeout', %(statement_timeout_milliseconds)s, false),
    set_config('idle_in_transaction_session_timeout', %(idle_timeout_milliseconds)s, false);

-- name: server_facts
-- Tells whether this server can carry Earnest at all, before anything else is asked of it.
SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding;

-- name: find_own_database
-- Asks whether the embedded server already has its database.
SELECT 1 FROM pg_database WHERE datname = 'earnest';

-- name: create_own_database
-- Makes the database of a new embedded server.
CREATE DATABASE earnest;
