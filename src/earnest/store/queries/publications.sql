-- name: add_queue
-- Makes a queue known; one that is known keeps its counter.
INSERT INTO earnest.queue (queue_id, model_line, market, time_zone, next_rank)
VALUES (%(queue_id)s, %(model_line)s, %(market)s, %(time_zone)s, %(next_rank)s)
ON CONFLICT DO NOTHING;

-- name: add_terms_version
-- Publishes a version of the terms under its digest; a published one is never touched.
INSERT INTO earnest.terms_version (terms_hash, version, body, published_at)
VALUES (%(terms_hash)s, %(version)s, %(body)s::text::jsonb, transaction_timestamp())
ON CONFLICT DO NOTHING;

-- name: add_catalogue_version
-- Publishes a version of the catalogue under its digest; a published one is never touched.
INSERT INTO earnest.catalogue_version (catalogue_hash, version, body, published_at)
VALUES (%(catalogue_hash)s, %(version)s, %(body)s::text::jsonb, transaction_timestamp())
ON CONFLICT DO NOTHING;

-- name: add_offer
-- Puts terms and a catalogue on sale in a queue.
INSERT INTO earnest.offer (queue_id, terms_hash, catalogue_hash, opens_at, closes_at)
VALUES (%(queue_id)s, %(terms_hash)s, %(catalogue_hash)s, %(opens_at)s, %(closes_at)s)
ON CONFLICT DO NOTHING;

-- name: offers
-- Lists what is on sale, was, and will be, in every queue.
SELECT queue_id, terms_hash, catalogue_hash, opens_at, closes_at
FROM earnest.offer
ORDER BY queue_id, opens_at;

-- name: add_public_promise
-- Publishes what the maker promises to everybody who orders in a queue; it is never touched again.
INSERT INTO earnest.public_promise (promise_id, queue_id, body, published_at)
VALUES (%(promise_id)s, %(queue_id)s, %(body)s::text::json, %(published_at)s)
ON CONFLICT DO NOTHING;

-- name: public_promises
-- Lists every public promise of every queue; a maker makes a handful.
SELECT body::text
FROM earnest.public_promise
ORDER BY published_at, promise_id;

-- name: terms_by_hash
-- Reads the terms version that an order was accepted under.
SELECT body::text FROM earnest.terms_version WHERE terms_hash = %(terms_hash)s;

-- name: catalogue_by_hash
-- Reads the catalogue whose prices an order froze.
SELECT body::text FROM earnest.catalogue_version WHERE catalogue_hash = %(catalogue_hash)s;

-- name: clock_offset
-- Reads how far a demonstration has moved its time forward.
SELECT offset_seconds FROM earnest.demo_clock;

-- name: move_clock
-- Moves a demonstration's time forward; two requests at once both count.
INSERT INTO earnest.demo_clock (offset_seconds)
VALUES (%(seconds)s)
ON CONFLICT (singleton) DO UPDATE
SET offset_seconds = earnest.demo_clock.offset_seconds + excluded.offset_seconds
RETURNING offset_seconds;

-- name: bring_jobs_forward
-- Lets jobs that wait for an hour in a demonstration's time wait no longer than that hour.
UPDATE procrastinate.procrastinate_jobs
SET scheduled_at = scheduled_at - make_interval(secs => %(seconds)s)
WHERE status = 'todo' AND scheduled_at IS NOT NULL;

-- name: queue
-- Reads one queue, with the counters of its units where it has an edition.
SELECT queue_id, model_line, market, time_zone, next_rank, units_taken, units_waiting, units_limit
FROM earnest.queue
WHERE queue_id = %(queue_id)s;

-- name: one_publication_at_a_time
-- Lets acts of publishing wait for each other until the transaction ends; they are rare.
SELECT pg_advisory_xact_lock(hashtext('earnest.publication'));

-- name: publication
-- Reads the act of an actor with a key.
SELECT actor, key, content_hash, kind, terms_hash, queue_id, opens_at, findings::text, published_at
FROM earnest.publication
WHERE actor = %(actor)s AND key = %(key)s;

-- name: publications_of_terms
-- Lists every act about one version of the terms.
SELECT actor, key, content_hash, kind, terms_hash, queue_id, opens_at, findings::text, published_at
FROM earnest.publication
WHERE terms_hash = %(terms_hash)s
ORDER BY published_at, actor, key;

-- name: versions_of_terms
-- Lists the versions that were published last, each with who did it first.
SELECT v.terms_hash, v.version, act.published_at, act.actor
FROM earnest.terms_version AS v
LEFT JOIN LATERAL (
    SELECT p.published_at, p.actor
    FROM earnest.publication AS p
    WHERE p.terms_hash = v.terms_hash AND p.kind = 'terms'
    ORDER BY p.published_at, p.actor, p.key
    LIMIT 1
) AS act ON true
ORDER BY v.published_at DESC, v.terms_hash
LIMIT %(limit)s;

-- name: version_of_other_terms
-- Looks whether other terms were published under the same name of a version.
SELECT terms_hash FROM earnest.terms_version
WHERE version = %(version)s AND terms_hash <> %(terms_hash)s
LIMIT 1;

-- name: add_publication
-- Keeps an act of publishing; its key has just been found unused.
INSERT INTO earnest.publication (
    actor, key, content_hash, kind, terms_hash, queue_id, opens_at, findings, published_at
)
VALUES (
    %(actor)s, %(key)s, %(content_hash)s, %(kind)s, %(terms_hash)s, %(queue_id)s, %(opens_at)s,
    %(findings)s::text::json, %(published_at)s
);
