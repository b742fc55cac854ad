-- name: one_plan_at_a_time
-- Lets those who publish capacity or plans wait for each other until the end of the transaction.
SELECT pg_advisory_xact_lock(20261126);

-- name: add_capacity_version
-- Publishes a capacity document under the next number.
INSERT INTO earnest.capacity_version (
    capacity_version, digest, begins, ends, body, actor, key, content_hash, published_at
)
SELECT coalesce(max(capacity_version), 0) + 1, %(digest)s, %(begins)s, %(ends)s,
    %(body)s::text::json, %(actor)s, %(key)s, %(content_hash)s, %(published_at)s
FROM earnest.capacity_version
RETURNING capacity_version;

-- name: capacity_by_key
-- Finds what an actor published with a key, so that a repeated request gets the first result.
SELECT capacity_version, digest, body::text, actor, key, content_hash, published_at
FROM earnest.capacity_version
WHERE actor = %(actor)s AND key = %(key)s;

-- name: capacity_version
-- Reads a capacity document by number, or the newest one.
SELECT capacity_version, digest, body::text, actor, key, content_hash, published_at
FROM earnest.capacity_version
WHERE %(version)s::integer IS NULL OR capacity_version = %(version)s
ORDER BY capacity_version DESC
LIMIT 1;

-- name: capacity_history
-- Lists who published which capacity, without the documents.
SELECT capacity_version, digest, begins, ends, actor, published_at
FROM earnest.capacity_version
ORDER BY capacity_version DESC;

-- name: waiting_orders
-- Reads every order that a plan has to know: those that wait, and later ones with a recent slot.
SELECT orders.state::text
FROM earnest.orders AS orders
WHERE orders.stage IN ('reserved', 'deposited', 'locked', 'scheduled')
    OR (
        orders.stage IN (
            'built', 'in_transit', 'tendered', 'inspected', 'paid', 'handed_over', 'closed'
        )
        AND EXISTS (
            SELECT FROM earnest.plan_slot AS slot
            WHERE slot.buyer_id = orders.buyer_id
                AND slot.order_id = orders.order_id
                AND slot.plan_version = (SELECT plan_version FROM earnest.published_plan)
                AND slot.day >= %(since)s
        )
    );

-- name: waiting_kinds
-- Counts the orders that wait for a car, and names one, by queue and configuration.
SELECT orders.queue_id, read.configuration::text, count(*), min(orders.order_id)
FROM earnest.orders AS orders
CROSS JOIN LATERAL json_to_record(orders.state) AS read (configuration jsonb)
WHERE orders.stage IN ('reserved', 'deposited', 'locked', 'scheduled')
GROUP BY orders.queue_id, read.configuration
ORDER BY orders.queue_id, read.configuration;

-- name: plan_version
-- Reads a plan by number, or the published one.
SELECT plan_version, digest, basis::text, summary::text, frozen_until, actor, key, content_hash,
    published_at
FROM earnest.plan_version
WHERE plan_version = coalesce(
    %(version)s::integer, (SELECT plan_version FROM earnest.published_plan)
);

-- name: plan_by_key
-- Finds the plan that an actor applied with a key.
SELECT plan_version, digest, basis::text, summary::text, frozen_until, actor, key, content_hash,
    published_at
FROM earnest.plan_version
WHERE actor = %(actor)s AND key = %(key)s;

-- name: plan_history
-- Lists the plans applied last.
SELECT plan_version, digest, basis::text, summary::text, frozen_until, actor, key, content_hash,
    published_at
FROM earnest.plan_version
ORDER BY plan_version DESC
LIMIT %(limit)s;

-- name: plan_slots
-- Reads every order of a plan version.
SELECT buyer_id, order_id, queue_id, plant, line, day, arrives, previous_day, cause, resource,
    breaks_promise
FROM earnest.plan_slot
WHERE plan_version = %(version)s
ORDER BY buyer_id, order_id;

-- name: published_slot
-- Reads where an order stands in the published plan.
SELECT buyer_id, order_id, queue_id, plant, line, day, arrives, previous_day, cause, resource,
    breaks_promise
FROM earnest.plan_slot
WHERE buyer_id = %(buyer_id)s
    AND order_id = %(order_id)s
    AND plan_version = (SELECT plan_version FROM earnest.published_plan);

-- name: frozen_slot_in
-- Finds the newest plan that placed an order in a plant and a week and inside the frozen zone, also when a later plan knows the order no more.
SELECT s.buyer_id, s.order_id, s.queue_id, s.plant, s.line, s.day, s.arrives, s.previous_day,
    s.cause, s.resource, s.breaks_promise
FROM earnest.plan_slot AS s
JOIN earnest.plan_version AS p ON p.plan_version = s.plan_version
WHERE s.buyer_id = %(buyer_id)s
    AND s.order_id = %(order_id)s
    AND s.plant = %(plant)s
    AND to_char(s.day, 'IYYY-"W"IW') = %(week)s
    AND s.day < p.frozen_until
ORDER BY s.plan_version DESC
LIMIT 1;

-- name: cars_placed
-- Adds up the cars of a plan version on some days, by line and day; all of them, or those that are of one of some models or have one of some options.
SELECT plant, line, day, sum(cars)::integer
FROM earnest.plan_cars
WHERE plan_version = %(version)s AND day >= %(begins)s AND day < %(ends)s
    AND (%(features)s::text[] IS NULL OR features && %(features)s::text[])
GROUP BY plant, line, day
ORDER BY plant, line, day;

-- name: promise_counts
-- Counts, for each week of reservation and lane group, how many promises stand how; the order of the cases is that of core/order/promise_health.py.
SELECT week, lane_group, state, is_claimed, count(*)
FROM (
    SELECT
        date_trunc('week', o.reserved_at AT TIME ZONE q.time_zone)::date AS week,
        read.configuration ->> 'model' AS lane_group,
        coalesce(reason.basis = 'calibrated', false) AS is_claimed,
        CASE
            WHEN outcome.days > shown.ends THEN 'broken'
            WHEN outcome.days < shown.begins THEN 'early'
            WHEN outcome.days IS NOT NULL THEN 'kept'
            WHEN o.stage = ANY(%(exits)s::text[]) THEN 'left'
            WHEN read.deferral IS NOT NULL THEN 'put_off'
            WHEN reason.planned IS NULL THEN 'by_terms'
            WHEN due.day + shown.ends < %(today)s THEN 'broken'
            WHEN slot.order_id IS NOT NULL
                AND (slot.arrives IS NULL OR slot.arrives > due.day + shown.ends)
                THEN 'at_risk'
            ELSE 'open'
        END AS state
    FROM earnest.orders AS o
    JOIN earnest.queue AS q ON q.queue_id = o.queue_id
    CROSS JOIN LATERAL json_to_record(o.state) AS read (
        configuration json, deferral json, promise_reason json
    )
    LEFT JOIN LATERAL json_to_record(read.promise_reason) AS reason (
        planned date, transport_days integer, first integer, last integer, basis text,
        given_on date, earliest date
    ) ON true
    CROSS JOIN LATERAL (
        SELECT reason.planned + coalesce(reason.transport_days, 0)
    ) AS due (day)
    CROSS JOIN LATERAL (
        SELECT
            greatest(coalesce(reason.first, 0), reason.earliest - due.day),
            greatest(
                coalesce(reason.last, 0), coalesce(reason.first, 0), reason.earliest - due.day
            )
    ) AS shown (begins, ends)
    LEFT JOIN earnest.promise_outcome AS outcome
        ON outcome.buyer_id = o.buyer_id AND outcome.order_id = o.order_id
        AND outcome.given_on = reason.given_on
    LEFT JOIN earnest.plan_slot AS slot
        ON slot.buyer_id = o.buyer_id AND slot.order_id = o.order_id
        AND slot.plan_version = (SELECT plan_version FROM earnest.published_plan)
    WHERE (o.reserved_at AT TIME ZONE q.time_zone)::date >= %(begins)s
        AND (o.reserved_at AT TIME ZONE q.time_zone)::date < %(ends)s
) AS judged
GROUP BY week, lane_group, state, is_claimed
ORDER BY week, lane_group, state, is_claimed;

-- name: plan_pointers
-- Reads which plan and which capacity count now, to compare with what a plan was made from.
SELECT
    (SELECT plan_version FROM earnest.published_plan),
    (SELECT max(capacity_version) FROM earnest.capacity_version);

-- name: add_plan_version
-- Writes an applied plan under the next number.
INSERT INTO earnest.plan_version (
    plan_version, capacity_version, digest, basis, summary, frozen_until, actor, key,
    content_hash, published_at
)
SELECT coalesce(max(plan_version), 0) + 1, %(capacity_version)s, %(digest)s,
    %(basis)s::text::json, %(summary)s::text::json, %(frozen_until)s, %(actor)s, %(key)s,
    %(content_hash)s, %(published_at)s
FROM earnest.plan_version
RETURNING plan_version;

-- name: copy_plan_slots
-- Takes the rows of a plan version as a stream, which is the fastest way to write many.
COPY earnest.plan_slot (
    buyer_id, order_id, plan_version, queue_id, plant, line, day, arrives, previous_day, cause,
    resource, breaks_promise
) FROM STDIN;

-- name: copy_plan_cars
-- Takes the counted cars of a plan version as a stream.
COPY earnest.plan_cars (plan_version, plant, line, day, features, cars) FROM STDIN;

-- name: point_to_plan
-- Makes a plan the published one.
INSERT INTO earnest.published_plan (plan_version)
VALUES (%(version)s)
ON CONFLICT (singleton) DO UPDATE SET plan_version = excluded.plan_version;

-- name: add_promise_outcomes
-- Adds what became of promises whose cars a group tendered; of one promise the first outcome stays.
INSERT INTO earnest.promise_outcome (
    buyer_id, order_id, given_on, lane_group, lead_days, days, counts_from
)
SELECT buyer_id, order_id, given_on, lane_group, lead_days, days, counts_from
FROM unnest(
    %(buyer_ids)b::text[], %(order_ids)b::text[], %(given_on)b::date[], %(lane_groups)b::text[],
    %(lead_days)b::int[], %(days)b::int[], %(counts_from)b::date[]
) AS new (buyer_id, order_id, given_on, lane_group, lead_days, days, counts_from)
ON CONFLICT DO NOTHING;

-- name: plan_errors
-- Counts, for each lane group, week and bucket of lead times, how many promises were how late, of those that count on a day.
SELECT lane_group, date_trunc('week', given_on)::date AS cohort, min(lead_days), days, count(*)
FROM earnest.promise_outcome
WHERE counts_from <= %(day)s
GROUP BY lane_group, cohort, width_bucket(lead_days, %(bounds)s::int[]), days
ORDER BY lane_group, cohort, min(lead_days), days;

-- name: plan_is_carried_out
-- Asks whether the commands that follow from a plan were all given.
SELECT EXISTS (SELECT FROM earnest.plan_carried_out WHERE plan_version = %(version)s);

-- name: carry_out_plan
-- Notes that the commands that follow from a plan were all given.
INSERT INTO earnest.plan_carried_out (plan_version, carried_out_at)
VALUES (%(version)s, %(at)s)
ON CONFLICT DO NOTHING;
