-- The office: finding a buyer by name, telephone or address, and orders that wait for somebody.
--
-- None of these indexes touches what a launch writes: a reservation and a deposit have no such
-- deadline and no such event, and buyers are registered before.

CREATE INDEX buyer_by_name ON people.buyer (lower(name) text_pattern_ops);
CREATE INDEX buyer_by_phone_end ON people.buyer
    (reverse(regexp_replace(phone, '[^0-9]', '', 'g')) text_pattern_ops) WHERE phone IS NOT NULL;

CREATE INDEX deadline_of_office ON earnest.deadline (due_at) WHERE kind IN (
    'release_overdue', 'refund_overdue', 'case_answer_overdue', 'case_decision_overdue'
);
CREATE INDEX event_of_reminder ON earnest.event (buyer_id, order_id) WHERE kind = 'Reminded';
