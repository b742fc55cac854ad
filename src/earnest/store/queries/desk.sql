-- name: lock_orders
-- Locks the orders of a group in key order, so that two groups never wait for each other in a circle, and reads them as they are once locked.
SELECT o.buyer_id, o.order_id, o.state::text
FROM unnest(%(buyer_ids)b::text[], %(order_ids)b::text[]) AS asked (buyer_id, order_id)
JOIN earnest.orders AS o ON o.buyer_id = asked.buyer_id AND o.order_id = asked.order_id
ORDER BY o.buyer_id, o.order_id
FOR UPDATE OF o;

-- name: lock_queues
-- Locks the counters of the queues that a group reserves in, and of those with an edition in which its orders stand; after the orders, all in id order, so that the lanes never wait for each other in a circle.
SELECT
    q.queue_id, q.model_line, q.market, q.time_zone, q.next_rank,
    q.units_taken, q.units_waiting, q.units_limit, q.paused::text
FROM earnest.queue AS q
WHERE q.queue_id = ANY(%(queue_ids)b::text[])
    OR (
        q.units_taken IS NOT NULL
        AND q.queue_id IN (
            SELECT o.queue_id
            FROM unnest(%(buyer_ids)b::text[], %(order_ids)b::text[]) AS asked (buyer_id, order_id)
            JOIN earnest.orders AS o
                ON o.buyer_id = asked.buyer_id AND o.order_id = asked.order_id
        )
    )
ORDER BY q.queue_id
FOR UPDATE;

-- name: first_waiting
-- Reads the lowest ranks that wait for a unit in the queues of a group's orders; runs after these queues are locked, under whose lock alone it changes.
SELECT q.queue_id, w.rank
FROM (
    SELECT DISTINCT o.queue_id
    FROM unnest(%(buyer_ids)b::text[], %(order_ids)b::text[]) AS asked (buyer_id, order_id)
    JOIN earnest.orders AS o ON o.buyer_id = asked.buyer_id AND o.order_id = asked.order_id
) AS q
CROSS JOIN LATERAL (
    SELECT a.rank
    FROM earnest.allotment AS a
    WHERE a.queue_id = q.queue_id AND a.state = 'waiting'
    ORDER BY a.rank
    LIMIT %(most)s
) AS w
ORDER BY q.queue_id, w.rank;

-- name: orders_ahead
-- Reads, for orders that shall get a built car, who is ahead for the same car: earlier ranks of the queue with the same configuration in stages that can be given one. Runs after the orders are locked; an order writes the same configuration the same way.
SELECT asked.buyer_id, asked.order_id, ahead.state::text
FROM unnest(%(buyer_ids)b::text[], %(order_ids)b::text[]) AS asked (buyer_id, order_id)
JOIN earnest.orders AS o ON o.buyer_id = asked.buyer_id AND o.order_id = asked.order_id
CROSS JOIN LATERAL (
    SELECT a.state, a.rank
    FROM earnest.orders AS a
    WHERE a.queue_id = o.queue_id AND a.rank < o.rank AND a.stage IN ('locked', 'scheduled')
        AND a.state ->> 'configuration' = o.state ->> 'configuration'
        AND a.state -> 'deferral' IS NULL
    ORDER BY a.rank
    LIMIT %(most)s
) AS ahead
ORDER BY asked.buyer_id, asked.order_id, ahead.rank;

-- name: held_by_people
-- Reads what each person, and each login that reserves, holds in each queue; runs after these queues are locked, so that a limit per person cannot be passed from two sides at once.
WITH asked AS (
    SELECT queue_id, person, buyer_id
    FROM unnest(%(queue_ids)b::text[], %(people)b::text[], %(buyer_ids)b::text[])
        AS asked (queue_id, person, buyer_id)
)
SELECT a.buyer_id, a.order_id, a.queue_id, a.rank, a.state, a.person
FROM asked
JOIN earnest.allotment AS a ON a.queue_id = asked.queue_id AND a.person = asked.person
UNION
SELECT a.buyer_id, a.order_id, a.queue_id, a.rank, a.state, a.person
FROM asked
JOIN earnest.allotment AS a ON a.queue_id = asked.queue_id AND a.buyer_id = asked.buyer_id
WHERE a.person IS NOT NULL;

-- name: put_allotted
-- Writes which orders of a group hold a unit of their edition or wait for one now.
INSERT INTO earnest.allotment (buyer_id, order_id, queue_id, rank, state, person)
SELECT buyer_id, order_id, queue_id, rank, state, person
FROM unnest(
    %(buyer_ids)b::text[], %(order_ids)b::text[], %(queue_ids)b::text[], %(ranks)b::bigint[],
    %(states)b::text[], %(people)b::text[]
) AS new (buyer_id, order_id, queue_id, rank, state, person)
ON CONFLICT (buyer_id, order_id) DO UPDATE SET state = EXCLUDED.state, person = EXCLUDED.person;

-- name: drop_allotted
-- Removes the orders of a group that neither hold a unit nor wait for one any more.
DELETE FROM earnest.allotment AS a
USING unnest(%(buyer_ids)b::text[], %(order_ids)b::text[]) AS gone (buyer_id, order_id)
WHERE a.buyer_id = gone.buyer_id AND a.order_id = gone.order_id;

-- name: next_in_line
-- Finds who waits while units of their queue are free: as many in each queue as it has free units, by rank.
SELECT w.buyer_id, w.order_id
FROM unnest(%(queue_ids)b::text[], %(limits)b::bigint[]) AS edition (queue_id, units)
JOIN earnest.queue AS q
    ON q.queue_id = edition.queue_id
    AND q.units_waiting > 0
    AND (edition.units IS NULL OR q.units_taken < edition.units)
CROSS JOIN LATERAL (
    SELECT a.buyer_id, a.order_id, a.rank
    FROM earnest.allotment AS a
    WHERE a.queue_id = q.queue_id AND a.state = 'waiting'
    ORDER BY a.rank
    LIMIT least(%(most)s, coalesce(edition.units - q.units_taken, %(most)s))
) AS w
ORDER BY q.queue_id, w.rank
LIMIT %(most)s;

-- name: find_commands
-- Reads which commands of a group were decided before; in the desk after the locks, so that what another process decided meanwhile is seen.
SELECT c.buyer_id, c.actor, c.key, c.content_hash, c.answer::text
FROM unnest(%(buyer_ids)b::text[], %(actors)b::text[], %(keys)b::text[]) AS asked (buyer_id, actor, key)
JOIN earnest.command AS c
    ON c.buyer_id = asked.buyer_id AND c.actor = asked.actor AND c.key = asked.key;

-- name: add_commands
-- Keeps the idempotency keys of a group with their first answers.
INSERT INTO earnest.command (buyer_id, actor, key, content_hash, order_id, answer, decided_at)
SELECT buyer_id, actor, key, content_hash, order_id, answer::json, decided_at
FROM unnest(
    %(buyer_ids)b::text[], %(actors)b::text[], %(keys)b::text[], %(content_hashes)b::text[],
    %(order_ids)b::text[], %(answers)b::text[], %(decided_at)b::timestamptz[]
) AS new (buyer_id, actor, key, content_hash, order_id, answer, decided_at);

-- name: add_events
-- Adds what happened in a group; the primary key refuses a second event with one number.
INSERT INTO earnest.event (
    buyer_id, order_id, sequence, kind, body, actor, command_key, occurred_at, recorded_at
)
SELECT buyer_id, order_id, sequence, kind, body::json, actor, command_key, occurred_at, recorded_at
FROM unnest(
    %(buyer_ids)b::text[], %(order_ids)b::text[], %(sequences)b::int[], %(kinds)b::text[],
    %(bodies)b::text[], %(actors)b::text[], %(command_keys)b::text[],
    %(occurred_at)b::timestamptz[], %(recorded_at)b::timestamptz[]
) AS new (
    buyer_id, order_id, sequence, kind, body, actor, command_key, occurred_at, recorded_at
);

-- name: add_postings
-- Adds the money that the events of a group moved.
INSERT INTO earnest.posting (
    buyer_id, order_id, sequence, line, debit, credit, amount_minor, currency
)
SELECT buyer_id, order_id, sequence, line, debit, credit, amount_minor, currency
FROM unnest(
    %(buyer_ids)b::text[], %(order_ids)b::text[], %(sequences)b::int[], %(lines)b::smallint[],
    %(debits)b::text[], %(credits)b::text[], %(amounts_minor)b::bigint[], %(currencies)b::text[]
) AS new (buyer_id, order_id, sequence, line, debit, credit, amount_minor, currency);

-- name: add_orders
-- Adds the rows of orders that a group began.
INSERT INTO earnest.orders (
    buyer_id, order_id, queue_id, rank, stage, sequence, terms_hash, catalogue_hash,
    price_minor, currency, vin, reserved_at, changed_at, state
)
SELECT
    buyer_id, order_id, queue_id, rank, stage, sequence, terms_hash, catalogue_hash,
    price_minor, currency, vin, reserved_at, changed_at, state::json
FROM unnest(
    %(buyer_ids)b::text[], %(order_ids)b::text[], %(queue_ids)b::text[], %(ranks)b::bigint[],
    %(stages)b::text[], %(sequences)b::int[], %(terms_hashes)b::text[],
    %(catalogue_hashes)b::text[], %(prices_minor)b::bigint[], %(currencies)b::text[],
    %(vins)b::text[], %(reserved_at)b::timestamptz[], %(changed_at)b::timestamptz[],
    %(states)b::text[]
) AS new (
    buyer_id, order_id, queue_id, rank, stage, sequence, terms_hash, catalogue_hash,
    price_minor, currency, vin, reserved_at, changed_at, state
);

-- name: change_orders
-- Brings rows to what their orders are after a group, and fails unless each still is what the group loaded.
WITH changed AS (
    UPDATE earnest.orders AS o
    SET rank = new.rank,
        stage = new.stage,
        sequence = new.sequence,
        terms_hash = new.terms_hash,
        catalogue_hash = new.catalogue_hash,
        price_minor = new.price_minor,
        vin = new.vin,
        changed_at = new.changed_at,
        state = new.state::json
    FROM unnest(
        %(buyer_ids)b::text[], %(order_ids)b::text[], %(sequences_before)b::int[],
        %(ranks)b::bigint[], %(stages)b::text[], %(sequences)b::int[], %(terms_hashes)b::text[],
        %(catalogue_hashes)b::text[], %(prices_minor)b::bigint[], %(vins)b::text[],
        %(changed_at)b::timestamptz[], %(states)b::text[]
    ) AS new (
        buyer_id, order_id, sequence_before, rank, stage, sequence, terms_hash, catalogue_hash,
        price_minor, vin, changed_at, state
    )
    WHERE o.buyer_id = new.buyer_id
        AND o.order_id = new.order_id
        AND o.sequence = new.sequence_before
    RETURNING 1
)
SELECT earnest.expect_rows(count(*), %(expected)s) FROM changed;

-- name: add_tenders
-- Adds the identified cars that a group tendered.
INSERT INTO earnest.tender (buyer_id, order_id, tender_number, vin, place, sequence)
SELECT buyer_id, order_id, tender_number, vin, place, sequence
FROM unnest(
    %(buyer_ids)b::text[], %(order_ids)b::text[], %(tender_numbers)b::smallint[],
    %(vins)b::text[], %(places)b::text[], %(sequences)b::int[]
) AS new (buyer_id, order_id, tender_number, vin, place, sequence);

-- name: add_inspections
-- Adds the joint inspections of a group; whether one passed follows in the table from its result.
INSERT INTO earnest.inspection (
    buyer_id, order_id, tender_number, result, confirmed_by, sequence
)
SELECT buyer_id, order_id, tender_number, result, confirmed_by, sequence
FROM unnest(
    %(buyer_ids)b::text[], %(order_ids)b::text[], %(tender_numbers)b::smallint[],
    %(results)b::text[], %(confirmed_by)b::text[], %(sequences)b::int[]
) AS new (buyer_id, order_id, tender_number, result, confirmed_by, sequence);

-- name: add_balance_demands
-- Adds the balances demanded in a group; the reference to a passed inspection is the table's own.
INSERT INTO earnest.balance_demand (
    buyer_id, order_id, tender_number, amount_minor, currency, sequence
)
SELECT buyer_id, order_id, tender_number, amount_minor, currency, sequence
FROM unnest(
    %(buyer_ids)b::text[], %(order_ids)b::text[], %(tender_numbers)b::smallint[],
    %(amounts_minor)b::bigint[], %(currencies)b::text[], %(sequences)b::int[]
) AS new (buyer_id, order_id, tender_number, amount_minor, currency, sequence);

-- name: clear_deadlines
-- Removes deadlines that the orders of a group no longer have, or that just fired.
DELETE FROM earnest.deadline AS d
USING unnest(
    %(buyer_ids)b::text[], %(order_ids)b::text[], %(kinds)b::text[], %(due_at)b::timestamptz[]
) AS gone (buyer_id, order_id, kind, due_at)
WHERE d.buyer_id = gone.buyer_id
    AND d.order_id = gone.order_id
    AND d.kind = gone.kind
    AND d.due_at = gone.due_at;

-- name: set_deadlines
-- Adds deadlines that the orders of a group have now.
INSERT INTO earnest.deadline (buyer_id, order_id, kind, due_at)
SELECT buyer_id, order_id, kind, due_at
FROM unnest(
    %(buyer_ids)b::text[], %(order_ids)b::text[], %(kinds)b::text[], %(due_at)b::timestamptz[]
) AS new (buyer_id, order_id, kind, due_at)
ON CONFLICT DO NOTHING;

-- name: raise_ranks
-- Moves the counters of queues past the ranks that a group gave, which can only rise, and to the units it left.
UPDATE earnest.queue AS q
SET next_rank = new.next_rank,
    units_taken = new.units_taken,
    units_waiting = new.units_waiting,
    units_limit = new.units_limit
FROM unnest(
    %(queue_ids)b::text[], %(next_ranks)b::bigint[], %(units_taken)b::bigint[],
    %(units_waiting)b::bigint[], %(units_limits)b::bigint[]
) AS new (queue_id, next_rank, units_taken, units_waiting, units_limit)
WHERE q.queue_id = new.queue_id;

-- name: defer_jobs
-- Puts a group's outgoing messages among the library's jobs, so that they leave if and only if the group is committed. The library lives by the server's clock, so what a demonstration has moved its own forward is taken off.
SELECT procrastinate.procrastinate_defer_jobs_v1(
    array_agg(
        ROW (
            queue, task, priority, NULL, NULL, arguments::jsonb,
            not_before - make_interval(
                secs => coalesce((SELECT offset_seconds FROM earnest.demo_clock), 0)
            )
        )::procrastinate.procrastinate_job_to_defer_v1
        ORDER BY place
    )
)
FROM unnest(
    %(queues)b::text[], %(tasks)b::text[], %(priorities)b::int[], %(arguments)b::text[],
    %(not_before)b::timestamptz[]
) WITH ORDINALITY AS job (queue, task, priority, arguments, not_before, place);

-- name: due_deadlines
-- Finds what has fallen due, the oldest first, along the index on time. While time has to be given back after a pause of a sale, nothing lapses in its queue; without such a pause nobody looks for one.
SELECT d.buyer_id, d.order_id, d.kind, d.due_at
FROM earnest.deadline AS d
WHERE d.due_at <= %(now)s
    AND (
        d.kind <> 'lapse'
        OR NOT (SELECT EXISTS (SELECT FROM earnest.sale_pause WHERE settled_at IS NULL))
        OR NOT EXISTS (
            SELECT
            FROM earnest.orders AS o
            JOIN earnest.sale_pause AS p ON p.queue_id = o.queue_id AND p.settled_at IS NULL
            WHERE o.buyer_id = d.buyer_id AND o.order_id = d.order_id
        )
    )
ORDER BY d.due_at
LIMIT %(limit)s;

-- name: keep_in_inbox
-- Keeps a provider's message for a person, once.
INSERT INTO earnest.inbox (provider, event_id, kind, body, received_at, outcome)
VALUES (%(provider)s, %(event_id)s, %(kind)s, %(body)s, %(received_at)s, %(outcome)s)
ON CONFLICT DO NOTHING;
