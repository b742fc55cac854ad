-- name: defer_again
-- Puts messages that could not be sent back among the jobs, to be tried after a wait by the server's own clock.
SELECT procrastinate.procrastinate_defer_jobs_v1(
    ARRAY[
        ROW (
            %(queue)s, %(task)s, %(priority)s, NULL, NULL, %(arguments)s::text::jsonb,
            transaction_timestamp() + make_interval(secs => %(wait_seconds)s)
        )::procrastinate.procrastinate_job_to_defer_v1
    ]
);
