-- The days of a balance run from the proven arrival of its demand, so a demand has no date of its own.

ALTER TABLE earnest.balance_demand ALTER COLUMN due_at DROP NOT NULL;
COMMENT ON COLUMN earnest.balance_demand.due_at IS
    'When it fell due, of demands from before their arrival had to be proven; NULL since: the proof of arrival, an event, says it.';
