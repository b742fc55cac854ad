-- name: add_plan_run
-- Writes a run down once.
INSERT INTO earnest.plan_run (run_id, asked_at, heard_at, body)
VALUES (%(run_id)s, %(asked_at)s, %(asked_at)s, %(body)s::text::json)
ON CONFLICT DO NOTHING;

-- name: plan_run
-- Reads a run by its number.
SELECT body::text, heard_at FROM earnest.plan_run WHERE run_id = %(run_id)s;

-- name: hear_of_plan_runs
-- Notes that the process which has these runs still lives.
UPDATE earnest.plan_run SET heard_at = %(at)s WHERE run_id = ANY(%(run_ids)s::text[]);

-- name: say_of_plan_run
-- Says how far a run is, and at its end what came out.
UPDATE earnest.plan_run SET body = %(body)s::text::json WHERE run_id = %(run_id)s;

-- name: copy_plan_run_pages
-- Takes the pages of a run's moves as a stream.
COPY earnest.plan_run_page (run_id, page, moves) FROM STDIN;

-- name: plan_run_moves
-- Reads one page of a run's moves.
SELECT moves::text FROM earnest.plan_run_page WHERE run_id = %(run_id)s AND page = %(page)s;

-- name: forget_plan_runs
-- Forgets runs of some days ago, and by the reference also their pages.
DELETE FROM earnest.plan_run WHERE asked_at < %(before)s;
