-- name: note_try
-- Notes a code that is sent or a number that is checked, unless the buyer or the telephone had too many of them lately; whoever asks twice at once waits for the lock.
WITH turn AS (
    SELECT pg_advisory_xact_lock(hashtext('proof:' || %(subject)s)),
        pg_advisory_xact_lock(hashtext('proof:' || %(buyer_id)s))
)
INSERT INTO people.proof_try (buyer_id, kind, subject, tried_at, code_digest, tries_left)
SELECT %(buyer_id)s, %(kind)s, %(subject)s, %(at)s, %(code_digest)s, %(tries)s
FROM turn
WHERE (
        SELECT count(*) FROM people.proof_try
        WHERE buyer_id = %(buyer_id)s AND tried_at > %(since)s
    ) < %(most)s
    AND (
        SELECT count(*) FROM people.proof_try
        WHERE subject = %(subject)s AND tried_at > %(since)s
    ) < %(most)s
ON CONFLICT DO NOTHING;

-- name: use_try
-- Uses up one try of the newest code that was sent to this telephone for this buyer.
UPDATE people.proof_try AS t
SET tries_left = t.tries_left - 1
WHERE t.buyer_id = %(buyer_id)s
    AND t.subject = %(subject)s
    AND t.tries_left > 0
    AND t.code_digest IS NOT NULL
    AND t.tried_at = (
        SELECT max(tried_at) FROM people.proof_try
        WHERE buyer_id = %(buyer_id)s AND subject = %(subject)s AND tried_at > %(since)s
    )
RETURNING t.code_digest;

-- name: find_identity
-- Finds who proved one of these digests before, under whatever key and in whatever way of writing, in the order in which they are given.
SELECT i.identity_id, i.key_id, i.digest, coalesce(i.same_as, i.identity_id)
FROM unnest(%(key_ids)b::text[], %(digests)b::text[]) WITH ORDINALITY AS known (key_id, digest, place)
JOIN people.identity AS i
    ON i.kind = %(kind)s AND i.key_id = known.key_id AND i.digest = known.digest
ORDER BY known.place;

-- name: add_identity
-- Makes somebody known by a digest and by chance; the first of two at once stays.
INSERT INTO people.identity (identity_id, kind, key_id, digest)
VALUES (%(identity_id)s, %(kind)s, %(key_id)s, %(digest)s)
ON CONFLICT DO NOTHING;

-- name: renew_identity
-- Keeps a digest under the newest key and in the one form, in place of what was kept before.
UPDATE people.identity
SET key_id = %(key_id)s, digest = %(digest)s
WHERE identity_id = %(identity_id)s;

-- name: unite_identities
-- Makes one person of all who turned out to be the same telephone.
UPDATE people.identity
SET same_as = %(person)s
WHERE identity_id = ANY(%(others)s::text[]) OR same_as = ANY(%(others)s::text[]);

-- name: put_proof
-- Notes who a buyer has proven to be, unless the buyer stays who they are: by an identity number for good, by a telephone while an order counts against a limit.
INSERT INTO people.proof AS p (buyer_id, kind, identity_id, proven_at)
VALUES (%(buyer_id)s, %(kind)s, %(identity_id)s, %(at)s)
ON CONFLICT (buyer_id, kind) DO UPDATE
SET identity_id = EXCLUDED.identity_id, proven_at = EXCLUDED.proven_at
WHERE p.kind <> 'identity_number'
    AND (p.kind <> 'phone' OR NOT EXISTS (
        SELECT 1 FROM earnest.allotment AS a
        WHERE a.buyer_id = p.buyer_id AND a.person IS NOT NULL
    ));

-- name: identities_of
-- Reads who buyers have proven to be, for everybody who asks at once.
SELECT p.buyer_id, p.kind, coalesce(i.same_as, i.identity_id)
FROM unnest(%(buyer_ids)b::text[], %(kinds)b::text[]) AS asked (buyer_id, kind)
JOIN people.proof AS p ON p.buyer_id = asked.buyer_id AND p.kind = asked.kind
JOIN people.identity AS i ON i.identity_id = p.identity_id;

-- name: other_accounts
-- Finds the other buyers who have proven to be the same person as each of those who ask at once, so that nobody refers themselves from a second account.
SELECT DISTINCT own.buyer_id, others.buyer_id
FROM unnest(%(buyer_ids)b::text[]) AS asked (buyer_id)
JOIN people.proof AS own ON own.buyer_id = asked.buyer_id
JOIN people.identity AS i ON i.identity_id = own.identity_id
JOIN people.identity AS known
    ON known.identity_id = coalesce(i.same_as, i.identity_id)
    OR known.same_as = coalesce(i.same_as, i.identity_id)
JOIN people.proof AS others ON others.identity_id = known.identity_id AND others.buyer_id <> own.buyer_id
ORDER BY own.buyer_id, others.buyer_id;

-- name: first_to_prove
-- Reads which buyer proved the first known of these digests first, to let that buyer in again.
SELECT p.buyer_id
FROM unnest(%(key_ids)b::text[], %(digests)b::text[]) WITH ORDINALITY AS known (key_id, digest, place)
JOIN people.identity AS i
    ON i.kind = %(kind)s AND i.key_id = known.key_id AND i.digest = known.digest
JOIN people.proof AS p ON p.identity_id = i.identity_id AND p.kind = i.kind
ORDER BY known.place, p.proven_at, p.buyer_id
LIMIT 1;
