-- A request for a deferral ends by itself where the maker does not answer it. Those that are open already get
-- their deadlines as the order derives them (core/timers.py), and the office finds them by these.
--
-- After the new code and not before it: older code knows no such deadline and could fire none while one is due,
-- and a request that it still took while both ran would have none for ever.

CREATE TEMPORARY TABLE asked ON COMMIT DROP AS
SELECT
    buyer_id,
    order_id,
    requested_at,
    least(requested_at + interval '336 hours', valid_until) AS answer_until
FROM (
    SELECT
        buyer_id,
        order_id,
        (state -> 'deferral_request' ->> 'requested_at')::timestamptz AS requested_at,
        (state -> 'deferral_request' ->> 'valid_until')::timestamptz AS valid_until
    FROM earnest.orders
    WHERE stage IN ('deposited', 'locked', 'scheduled', 'built', 'in_transit', 'tendered')
        AND state -> 'deferral_request' ->> 'requested_at' IS NOT NULL
) AS open;

INSERT INTO earnest.deadline (buyer_id, order_id, kind, due_at)
SELECT buyer_id, order_id, 'end_deferral_request', answer_until
FROM asked
ON CONFLICT DO NOTHING;

-- Nobody is reminded of a request that ends at once; a reminder that was given already is not given again.
INSERT INTO earnest.deadline (buyer_id, order_id, kind, due_at)
SELECT buyer_id, order_id, 'deferral_answer_due', answer_until - interval '3 days'
FROM asked
WHERE answer_until - interval '3 days' > requested_at
    AND answer_until > now()
ON CONFLICT DO NOTHING;

-- The time of a demand stands still while its buyer waits for the answer.
DELETE FROM earnest.deadline AS runs
USING asked
WHERE runs.buyer_id = asked.buyer_id
    AND runs.order_id = asked.order_id
    AND runs.kind = 'cure_period_over'
    AND runs.due_at > asked.requested_at;

DROP INDEX earnest.deadline_of_office;
CREATE INDEX deadline_of_office ON earnest.deadline (due_at) WHERE kind IN (
    'release_overdue', 'refund_overdue', 'case_answer_overdue', 'case_decision_overdue',
    'end_deferral_request'
);
