-- What a plan builds, counted once when it is applied, and a sign of life of dry runs.
--
-- Planners look at lines and parts again and again, and a plan never changes. So its cars are
-- counted by line, day and what they need, instead of reading every order for each page.

CREATE TABLE earnest.plan_cars (
    plan_version integer NOT NULL REFERENCES earnest.plan_version,
    plant text COLLATE "C" NOT NULL,
    line text COLLATE "C" NOT NULL,
    day date NOT NULL,
    features text[] COLLATE "C" NOT NULL,
    cars integer NOT NULL CHECK (cars >= 1),
    PRIMARY KEY (plan_version, day, plant, line, features)
);
COMMENT ON TABLE earnest.plan_cars IS
    'How many cars of one model and options a plan version builds on a line on a day, as the orders were when it was applied. Append-only.';

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON earnest.plan_cars
    FOR EACH STATEMENT EXECUTE FUNCTION earnest.refuse_change();
ALTER TABLE earnest.plan_cars ENABLE ALWAYS TRIGGER append_only;

-- Plans from before are counted from what their orders are now.
INSERT INTO earnest.plan_cars (plan_version, plant, line, day, features, cars)
SELECT slot.plan_version, slot.plant, slot.line, slot.day, chosen.features, count(*)
FROM earnest.plan_slot AS slot
JOIN earnest.orders AS orders
    ON orders.buyer_id = slot.buyer_id AND orders.order_id = slot.order_id
CROSS JOIN LATERAL (
    SELECT ARRAY[orders.state #>> '{configuration,model}'] || ARRAY(
        SELECT json_array_elements_text(orders.state #> '{configuration,options}')
    ) AS features
) AS chosen
WHERE slot.day IS NOT NULL
    AND slot.plan_version = (SELECT plan_version FROM earnest.published_plan)
GROUP BY slot.plan_version, slot.plant, slot.line, slot.day, chosen.features;

ALTER TABLE earnest.plan_run ADD COLUMN heard_at timestamptz;
COMMENT ON COLUMN earnest.plan_run.heard_at IS
    'When the process that makes the run, or lets it wait, last said that it still does.';

-- Slots that were taken are few among very many events, and each look for others counts them.
CREATE INDEX event_of_slot_taken ON earnest.event (recorded_at) WHERE kind = 'SlotTaken';
