-- name: everybody
-- Reads all who work or worked here, to list them.
SELECT staff_id, name, email, language, roles, active, is_demo, invited_by, joined_at
FROM people.staff
ORDER BY active DESC, lower(name), staff_id;

-- name: staff_member
-- Reads who somebody on the staff is and in which roles they may act.
SELECT staff_id, name, email, language, roles, active, is_demo, invited_by, joined_at
FROM people.staff
WHERE staff_id = %(staff_id)s;

-- name: staff_member_at
-- Reads who signs in with an address; whoever was only invited has shown nobody that it is theirs.
SELECT staff_id, name, email, language, roles, active, is_demo, invited_by, joined_at
FROM people.staff
WHERE lower(email) = %(email)s AND email <> '' AND active AND joined_at IS NOT NULL;

-- name: add_staff
-- Adds people, unless their id or address is taken.
INSERT INTO people.staff
    (staff_id, name, email, language, roles, active, is_demo, invited_by, joined_at)
VALUES (%(staff_id)s, %(name)s, %(email)s, %(language)s, %(roles)s, %(active)s, %(is_demo)s,
    %(invited_by)s, %(joined_at)s)
ON CONFLICT DO NOTHING;

-- name: put_invitation
-- Keeps the digest of a link that is mailed; the newest link of a person is the only one.
INSERT INTO people.invitation (staff_id, digest, lapses_at)
VALUES (%(staff_id)s, %(digest)s, %(lapses_at)s)
ON CONFLICT (staff_id) DO UPDATE
SET digest = excluded.digest, lapses_at = excluded.lapses_at;

-- name: join_staff
-- Uses a link, which is then gone, and lets its person in; of two at once only one finds it.
WITH used AS (
    DELETE FROM people.invitation
    WHERE digest = %(digest)s AND lapses_at > %(at)s
    RETURNING staff_id
)
UPDATE people.staff AS s
SET joined_at = %(at)s
FROM used
WHERE s.staff_id = used.staff_id AND s.active
RETURNING s.staff_id, s.name, s.email, s.language, s.roles, s.active, s.is_demo, s.invited_by,
    s.joined_at;

-- name: give_role
-- Gives a role once.
UPDATE people.staff
SET roles = array_append(roles, %(role)s::text)
WHERE staff_id = %(staff_id)s AND NOT %(role)s = ANY(roles);

-- name: take_role
-- Takes a role.
UPDATE people.staff
SET roles = array_remove(roles, %(role)s::text)
WHERE staff_id = %(staff_id)s;

-- name: add_role_wish
-- Keeps a role that waits for a second person; the first who asked stays.
INSERT INTO people.role_wish (staff_id, role, asked_by, asked_at)
VALUES (%(staff_id)s, %(role)s, %(asked_by)s, %(asked_at)s)
ON CONFLICT DO NOTHING;

-- name: drop_role_wish
-- Forgets a role that waited.
DELETE FROM people.role_wish WHERE staff_id = %(staff_id)s AND role = %(role)s;

-- name: role_wishes
-- Reads every role that waits for a second person, the oldest first.
SELECT staff_id, role, asked_by, asked_at
FROM people.role_wish
ORDER BY asked_at, staff_id, role;

-- name: set_staff_active
-- Lets somebody leave or come back, unless the address is another's by now.
UPDATE people.staff AS s
SET active = %(active)s
WHERE s.staff_id = %(staff_id)s
    AND NOT EXISTS (
        SELECT FROM people.staff AS other
        WHERE %(active)s AND other.active AND other.staff_id <> s.staff_id
            AND other.email <> '' AND lower(other.email) = lower(s.email)
    );

-- name: add_act
-- Notes what somebody did beside orders.
INSERT INTO people.act (at, actor_id, kind, subject, detail)
VALUES (%(at)s, %(actor_id)s, %(kind)s, %(subject)s, %(detail)s);

-- name: second_factor
-- Reads what the secret of a second factor follows from.
SELECT key_id, nonce, confirmed_at IS NOT NULL, last_step
FROM people.second_factor
WHERE staff_id = %(staff_id)s;

-- name: second_factors
-- Reads who has a second factor that counts, and how many recovery codes they have left.
SELECT f.staff_id, count(c.digest)
FROM people.second_factor AS f
LEFT JOIN people.recovery_code AS c ON c.staff_id = f.staff_id
WHERE f.confirmed_at IS NOT NULL
GROUP BY f.staff_id;

-- name: begin_second_factor
-- Keeps a factor that does not count yet, in place of an earlier one that does not count either.
INSERT INTO people.second_factor AS f (staff_id, key_id, nonce)
VALUES (%(staff_id)s, %(key_id)s, %(nonce)s)
ON CONFLICT (staff_id) DO UPDATE
SET key_id = excluded.key_id, nonce = excluded.nonce, last_step = 0
WHERE f.confirmed_at IS NULL;

-- name: use_factor_try
-- Uses up a try before the code is looked at, so that two at once cannot share one.
UPDATE people.second_factor
SET tries = CASE WHEN tries_since > %(since)s THEN tries + 1 ELSE 1 END,
    tries_since = CASE WHEN tries_since > %(since)s THEN tries_since ELSE %(at)s END
WHERE staff_id = %(staff_id)s AND (tries < %(most)s OR tries_since <= %(since)s)
RETURNING key_id, nonce, confirmed_at IS NOT NULL, last_step;

-- name: take_factor_step
-- Takes a code by its time step; a step that was taken, or an earlier one, is never taken again.
UPDATE people.second_factor
SET last_step = %(step)s, tries = 0
WHERE staff_id = %(staff_id)s AND last_step < %(step)s;

-- name: confirm_second_factor
-- Lets a factor count.
UPDATE people.second_factor
SET confirmed_at = %(at)s
WHERE staff_id = %(staff_id)s AND confirmed_at IS NULL;

-- name: forget_recovery_codes
-- Forgets every recovery code of somebody.
DELETE FROM people.recovery_code WHERE staff_id = %(staff_id)s;

-- name: add_recovery_codes
-- Keeps recovery codes, as digests.
INSERT INTO people.recovery_code (staff_id, digest)
SELECT %(staff_id)s, unnest(%(digests)s::text[]);

-- name: use_recovery_code
-- Uses a recovery code, which is then gone.
DELETE FROM people.recovery_code WHERE staff_id = %(staff_id)s AND digest = %(digest)s;

-- name: reset_factor_tries
-- Forgets the tries of somebody who has shown a recovery code.
UPDATE people.second_factor SET tries = 0 WHERE staff_id = %(staff_id)s;

-- name: remove_second_factor
-- Forgets a second factor.
DELETE FROM people.second_factor WHERE staff_id = %(staff_id)s;
