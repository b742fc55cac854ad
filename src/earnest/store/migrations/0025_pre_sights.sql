-- Who of the staff was shown whose personal data.
--
-- A sight is an append-only fact about a person, by ids alone. Nobody removes one before its three
-- years are over, the owner of the schema neither; after that only the owner can.

CREATE TABLE people.sight (
    sight_number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    actor_id text COLLATE "C" NOT NULL CHECK (actor_id LIKE 'staff:%'),
    session_id text COLLATE "C" NOT NULL,
    roles text[] COLLATE "C" NOT NULL,
    kinds text[] COLLATE "C" NOT NULL CHECK (cardinality(kinds) > 0),
    buyer_ids text[] COLLATE "C" NOT NULL,
    order_ids text[] COLLATE "C" NOT NULL
);
COMMENT ON TABLE people.sight IS
    'Who of the staff was shown personal data of whom, one row for each request. Append-only for three years.';
CREATE INDEX sight_by_time ON people.sight (at, sight_number);
CREATE INDEX sight_by_actor ON people.sight (actor_id, at, sight_number);
CREATE INDEX sight_about ON people.sight USING gin (buyer_ids, order_ids);

CREATE FUNCTION people.refuse_early_removal() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.at > now() - interval '3 years 1 day' THEN
        RAISE EXCEPTION 'a sight is kept for three years'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END;
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON people.sight
    FOR EACH STATEMENT EXECUTE FUNCTION earnest.refuse_change();
ALTER TABLE people.sight ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER kept_long_enough BEFORE DELETE ON people.sight
    FOR EACH ROW EXECUTE FUNCTION people.refuse_early_removal();
ALTER TABLE people.sight ENABLE ALWAYS TRIGGER kept_long_enough;
