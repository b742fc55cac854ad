-- name: add_session
-- Notes a token that somebody holds, by its id.
INSERT INTO people.session (session_id, actor_id, kind, name, roles, begun_at, ends_at)
VALUES (%(session_id)s, %(actor_id)s, %(kind)s, %(name)s, %(roles)s, %(begun_at)s, %(ends_at)s)
ON CONFLICT DO NOTHING;

-- name: forget_sessions
-- Forgets sessions of somebody that are over by themselves, so that the table holds what is alive.
DELETE FROM people.session WHERE actor_id = %(actor_id)s AND ends_at <= %(now)s;

-- name: sessions_of
-- Reads the sessions of somebody that have not ended, the newest first.
SELECT s.session_id, s.actor_id, s.kind, s.name, s.roles, s.begun_at, s.ends_at
FROM people.session AS s
LEFT JOIN people.ended_actor AS e ON e.actor_id = s.actor_id
WHERE s.actor_id = %(actor_id)s AND s.ended_at IS NULL AND s.ends_at > %(now)s
    AND (e.issued_before IS NULL OR date_trunc('second', s.begun_at) >= e.issued_before)
ORDER BY s.begun_at DESC, s.session_id;

-- name: sessions_of_programs
-- Reads the tokens of all programs that have not ended, the newest first.
SELECT s.session_id, s.actor_id, s.kind, s.name, s.roles, s.begun_at, s.ends_at
FROM people.session AS s
LEFT JOIN people.ended_actor AS e ON e.actor_id = s.actor_id
WHERE s.kind = 'program' AND s.ended_at IS NULL AND s.ends_at > %(now)s
    AND (e.issued_before IS NULL OR date_trunc('second', s.begun_at) >= e.issued_before)
ORDER BY s.begun_at DESC, s.session_id
LIMIT %(limit)s;

-- name: end_session
-- Ends a session before its time.
UPDATE people.session
SET ended_at = %(at)s, noted_at = clock_timestamp()
WHERE session_id = %(session_id)s
    AND (%(actor_id)s::text IS NULL OR actor_id = %(actor_id)s)
    AND ended_at IS NULL AND ends_at > %(at)s
RETURNING session_id, actor_id, kind, name, roles, begun_at, ends_at;

-- name: end_all_sessions
-- Ends every token of somebody that was issued before an instant, also those that nobody noted.
INSERT INTO people.ended_actor AS e (actor_id, issued_before)
VALUES (%(actor_id)s, %(issued_before)s)
ON CONFLICT (actor_id) DO UPDATE
SET issued_before = excluded.issued_before, noted_at = clock_timestamp();

-- name: ended_sessions
-- Reads what ended since a look, for every process to know within a second; a minute is looked at twice, because a transaction may commit later than it noted.
SELECT session_id, ends_at
FROM people.session
WHERE ended_at IS NOT NULL AND ends_at > %(now)s
    AND (%(looked_at)s::timestamptz IS NULL OR noted_at > %(looked_at)s - interval '1 minute');

-- name: ended_actors
-- Reads whose tokens all ended since a look, and the clock of the database for the next look.
SELECT e.actor_id, e.issued_before, clock.at
FROM (SELECT clock_timestamp() AS at) AS clock
LEFT JOIN people.ended_actor AS e
    ON %(looked_at)s::timestamptz IS NULL OR e.noted_at > %(looked_at)s - interval '1 minute';
