-- name: passkeys_of
-- Reads the passkeys of a buyer or of somebody of the staff, the oldest first.
SELECT credential_id, buyer_id, staff_id, public_key, sign_count, transports, name, added_at,
    last_used_at
FROM people.passkey
WHERE buyer_id = %(buyer_id)s OR staff_id = %(staff_id)s
ORDER BY added_at, credential_id;

-- name: passkey
-- Reads whose passkey this is, for whoever shows it.
SELECT credential_id, buyer_id, staff_id, public_key, sign_count, transports, name, added_at,
    last_used_at
FROM people.passkey
WHERE credential_id = %(credential_id)s;

-- name: passkey_holders
-- Counts the passkeys of the staff, to list who has a second factor.
SELECT staff_id, count(*)
FROM people.passkey
WHERE staff_id IS NOT NULL
GROUP BY staff_id;

-- name: add_passkey
-- Keeps a passkey, unless its id is somebody's already.
INSERT INTO people.passkey
    (credential_id, buyer_id, staff_id, public_key, sign_count, transports, name, added_at,
    last_used_at)
VALUES (%(credential_id)s, %(buyer_id)s, %(staff_id)s, %(public_key)s, %(sign_count)s,
    %(transports)s, %(name)s, %(added_at)s, %(last_used_at)s)
ON CONFLICT DO NOTHING;

-- name: use_passkey_try
-- Uses up a try before the signature is looked at, so that two at once cannot share one.
UPDATE people.passkey
SET tries = CASE WHEN tries_since > %(since)s THEN tries + 1 ELSE 1 END,
    tries_since = CASE WHEN tries_since > %(since)s THEN tries_since ELSE %(at)s END
WHERE credential_id = %(credential_id)s AND (tries < %(most)s OR tries_since <= %(since)s);

-- name: note_passkey_use
-- Notes a use by the counter of the device; of two uses with one count only the first is noted.
UPDATE people.passkey
SET sign_count = %(sign_count)s, last_used_at = %(at)s, tries = 0
WHERE credential_id = %(credential_id)s
    AND (sign_count < %(sign_count)s OR (sign_count = 0 AND %(sign_count)s = 0));

-- name: remove_passkey
-- Forgets a passkey of its owner, and nobody else's.
DELETE FROM people.passkey
WHERE credential_id = %(credential_id)s
    AND (buyer_id = %(buyer_id)s OR staff_id = %(staff_id)s);

-- name: remove_passkeys_of_staff
-- Forgets every passkey of somebody of the staff, whose second factor is reset.
DELETE FROM people.passkey WHERE staff_id = %(staff_id)s;

-- name: take_passkey_challenge
-- Takes a challenge, unless it was taken before.
INSERT INTO people.passkey_challenge (digest, lapses_at)
VALUES (%(digest)s, %(lapses_at)s)
ON CONFLICT DO NOTHING;

-- name: forget_passkey_challenges
-- Forgets challenges that nobody would take any more.
DELETE FROM people.passkey_challenge WHERE lapses_at <= %(now)s;
