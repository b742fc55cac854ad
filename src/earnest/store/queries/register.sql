-- name: add_admission
-- Takes an idempotency key for a request that registers buyers; waits for another request with the same key.
INSERT INTO people.admission (actor_id, key, content_hash, admitted_at)
VALUES (%(actor_id)s, %(key)s, %(content_hash)s, %(admitted_at)s)
ON CONFLICT DO NOTHING;

-- name: admission
-- Reads the request that used a key first.
SELECT content_hash, admitted_at
FROM people.admission
WHERE actor_id = %(actor_id)s AND key = %(key)s;

-- name: add_buyers
-- Registers all buyers of one request.
INSERT INTO people.buyer (buyer_id, name, email, phone, language, created_at)
SELECT buyer_id, name, email, phone, language, created_at
FROM unnest(
    %(buyer_ids)b::text[], %(names)b::text[], %(emails)b::text[], %(phones)b::text[],
    %(languages)b::text[], %(created_at)b::timestamptz[]
) AS new (buyer_id, name, email, phone, language, created_at);

-- name: buyers
-- Reads who buyers are: one for a door, or all to whom the messages of a job go.
SELECT buyer_id, name, email, phone, language, created_at
FROM people.buyer
WHERE buyer_id = ANY(%(buyer_ids)b::text[]);

-- name: buyers_at
-- Reads who is registered with an e-mail address; two rows already say that it is nobody's alone.
SELECT buyer_id FROM people.buyer WHERE lower(email) = %(email)s LIMIT 2;

-- name: name_buyer
-- Notes the name of somebody who signed in by an address and has not said it yet.
UPDATE people.buyer SET name = %(name)s WHERE buyer_id = %(buyer_id)s AND name = '';

-- name: find_buyers
-- Finds buyers whose name begins so, whose telephone ends so, or who have this address.
SELECT buyer_id, name, email, phone, language, created_at
FROM people.buyer
WHERE lower(name) LIKE %(name_begins)s
    OR (phone IS NOT NULL
        AND reverse(regexp_replace(phone, '[^0-9]', '', 'g')) LIKE %(phone_ends)s)
    OR (email IS NOT NULL AND lower(email) = %(email)s)
ORDER BY lower(name), buyer_id
LIMIT %(limit)s;
