-- Every change of who waits in a queue, so that a place can be explained and read at once.
--
-- Orders from before this table have no moves yet: `earnest queue rebuild` writes them from the
-- events. It only adds what is missing, so it may run beside servers and be run again.

CREATE TABLE earnest.queue_move (
    buyer_id text COLLATE "C" NOT NULL,
    order_id text COLLATE "C" NOT NULL,
    sequence integer NOT NULL CHECK (sequence >= 1),
    change smallint NOT NULL CHECK (change IN (-1, 0, 1)),
    queue_id text COLLATE "C" NOT NULL,
    lane text COLLATE "C" NOT NULL CHECK (lane <> ''),
    rank bigint NOT NULL CHECK (rank >= 1),
    cause text COLLATE "C" NOT NULL CHECK (cause <> ''),
    at timestamptz NOT NULL,
    written_in xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (buyer_id, order_id, sequence, change)
);
COMMENT ON TABLE earnest.queue_move IS
    'A rank entered (1) or left (-1) a lane by the event of that number, or left the queue while it stood aside (0). Written with the event; an audit rule compares it with the fold. Append-only.';
COMMENT ON COLUMN earnest.queue_move.written_in IS
    'The transaction that wrote the row. Who follows this table reads again from the oldest transaction that was still open last time, so a late commit is never missed.';

CREATE INDEX queue_move_by_writing ON earnest.queue_move (written_in);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON earnest.queue_move
    FOR EACH STATEMENT EXECUTE FUNCTION earnest.refuse_change();
ALTER TABLE earnest.queue_move ENABLE ALWAYS TRIGGER append_only;
