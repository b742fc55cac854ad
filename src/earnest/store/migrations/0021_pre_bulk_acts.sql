-- One command asked for many orders: what was asked, of which orders, and that all of it was given;
-- and a shorter way to what waits for the office.
--
-- What became of each order is the answer to its own command, in earnest.command like every other.

CREATE TABLE earnest.bulk_act (
    bulk_id text COLLATE "C" PRIMARY KEY CHECK (octet_length(bulk_id) = 16),
    actor text COLLATE "C" NOT NULL CHECK (actor <> ''),
    content_hash text COLLATE "C" NOT NULL CHECK (content_hash <> ''),
    command json NOT NULL,
    buyer_ids text[] COLLATE "C" NOT NULL,
    order_ids text[] COLLATE "C" NOT NULL,
    asked_at timestamptz NOT NULL,
    CONSTRAINT every_order_has_its_buyer CHECK (
        cardinality(order_ids) BETWEEN 1 AND 1000 AND cardinality(buyer_ids) = cardinality(order_ids)
    )
);
COMMENT ON TABLE earnest.bulk_act IS
    'One command that somebody asked for many orders; each gets a command of its own. Append-only.';

CREATE INDEX bulk_act_by_asking ON earnest.bulk_act (asked_at);

CREATE TABLE earnest.bulk_finished (
    bulk_id text COLLATE "C" PRIMARY KEY REFERENCES earnest.bulk_act,
    finished_at timestamptz NOT NULL
);
COMMENT ON TABLE earnest.bulk_finished IS 'Acts whose commands were all given. Append-only.';

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON earnest.bulk_act
    FOR EACH STATEMENT EXECUTE FUNCTION earnest.refuse_change();
ALTER TABLE earnest.bulk_act ENABLE ALWAYS TRIGGER append_only;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON earnest.bulk_finished
    FOR EACH STATEMENT EXECUTE FUNCTION earnest.refuse_change();
ALTER TABLE earnest.bulk_finished ENABLE ALWAYS TRIGGER append_only;

-- Most reminders are about promises and agreements; only these four name work of the office.
DROP INDEX earnest.event_of_reminder;
CREATE INDEX event_of_office_reminder ON earnest.event (buyer_id, order_id)
    WHERE kind = 'Reminded' AND body ->> 'subject' IN (
        'release_overdue', 'refund_overdue', 'case_answer_overdue', 'case_decision_overdue'
    );
