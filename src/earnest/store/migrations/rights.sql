-- The rights of the application's role, whole, applied again after every migration.
--
-- A pooled connection takes the role earnest_app. It may add facts and may not change or remove
-- them; of an order it may not change whose it is, its queue, its currency and when it was
-- reserved. A login that does not own the schema is made a member:
-- GRANT earnest_app TO that_login.

DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'earnest_app') THEN
        CREATE ROLE earnest_app NOLOGIN;
    END IF;
EXCEPTION
    -- Roles belong to the whole server; another database's migration may be creating it now.
    WHEN duplicate_object OR unique_violation THEN NULL;
END;
$$;

DO $$
BEGIN
    IF NOT pg_has_role(current_user, 'earnest_app', 'MEMBER')
        OR (SELECT rolcreaterole AND NOT rolsuper FROM pg_roles WHERE rolname = current_user)
    THEN
        EXECUTE format('GRANT earnest_app TO %I', current_user);
    END IF;
EXCEPTION
    -- An administrator made the role. The owner need not be a member; the login of the pool must.
    WHEN insufficient_privilege THEN NULL;
END;
$$;

REVOKE ALL ON ALL TABLES IN SCHEMA earnest, people FROM PUBLIC, earnest_app;
REVOKE CREATE ON SCHEMA earnest, people, procrastinate FROM PUBLIC, earnest_app;

GRANT USAGE ON SCHEMA earnest, people, procrastinate TO earnest_app;
GRANT SELECT ON ALL TABLES IN SCHEMA earnest, people TO earnest_app;

GRANT INSERT ON
    earnest.queue, earnest.terms_version, earnest.catalogue_version, earnest.offer,
    earnest.public_promise,
    earnest.orders, earnest.event, earnest.posting, earnest.tender, earnest.inspection,
    earnest.balance_demand, earnest.deadline, earnest.command, earnest.inbox,
    earnest.webhook_endpoint, earnest.demo_clock, earnest.publication, earnest.queue_move,
    earnest.campaign, earnest.campaign_count, earnest.code_batch, earnest.priority_code,
    earnest.capacity_version, earnest.plan_version, earnest.plan_slot, earnest.published_plan,
    earnest.plan_carried_out, earnest.plan_cars, earnest.promise_outcome, earnest.bulk_act, earnest.bulk_finished
    TO earnest_app;

GRANT UPDATE (next_rank, units_taken, units_waiting, units_limit, paused) ON earnest.queue TO earnest_app;
GRANT INSERT ON earnest.sale_pause, earnest.campaign_looks TO earnest_app;
GRANT UPDATE (resumed_at, resumed_by, resume_key, resume_hash, settled_at) ON earnest.sale_pause TO earnest_app;
GRANT UPDATE (looks) ON earnest.campaign_looks TO earnest_app;
GRANT INSERT, UPDATE, DELETE ON earnest.server_figures TO earnest_app;
GRANT INSERT, DELETE ON earnest.allotment TO earnest_app;
GRANT INSERT, DELETE ON earnest.freed_slot TO earnest_app;
GRANT INSERT, DELETE ON earnest.delivery TO earnest_app;
GRANT INSERT ON earnest.centre TO earnest_app;
GRANT UPDATE (bays, body, changed_by, changed_at) ON earnest.centre TO earnest_app;
GRANT UPDATE (state, person) ON earnest.allotment TO earnest_app;
GRANT INSERT, DELETE ON earnest.checkout TO earnest_app;
GRANT UPDATE (state, explanation) ON earnest.checkout TO earnest_app;
GRANT INSERT ON earnest.dispatch_turn TO earnest_app;
GRANT UPDATE (holder, ends_at) ON earnest.dispatch_turn TO earnest_app;
GRANT INSERT ON earnest.waiting_room, earnest.waiting_place TO earnest_app;
GRANT UPDATE (
    closed_at, entries, entries_digest, revealed_at, seed, public_value, numbers, slots, free_from
) ON earnest.waiting_room TO earnest_app;
GRANT UPDATE (
    entry, number, joined_at, slot, let_in_at, drawn_slot, person
) ON earnest.waiting_place TO earnest_app;
GRANT UPDATE (closes_at) ON earnest.offer TO earnest_app;
GRANT UPDATE (quota, taken) ON earnest.campaign_count TO earnest_app;
GRANT UPDATE (order_id, revoked_at, revoked_by) ON earnest.priority_code TO earnest_app;
GRANT UPDATE (
    rank, stage, sequence, terms_hash, catalogue_hash, price_minor, vin, changed_at, state
) ON earnest.orders TO earnest_app;
GRANT UPDATE (buyer_id, order_id, outcome) ON earnest.inbox TO earnest_app;
GRANT UPDATE (offset_seconds) ON earnest.demo_clock TO earnest_app;
GRANT UPDATE (plan_version) ON earnest.published_plan TO earnest_app;
GRANT UPDATE, DELETE ON earnest.webhook_endpoint TO earnest_app;
GRANT INSERT ON
    earnest.outside_account, earnest.outside_statement, earnest.outside_line,
    earnest.outside_match, earnest.outside_match_line, earnest.outside_match_posting
    TO earnest_app;
GRANT UPDATE (approved_by, approved_at, undone_by, undone_at, undone_reason)
    ON earnest.outside_match TO earnest_app;
GRANT UPDATE (holds) ON earnest.outside_match_line, earnest.outside_match_posting TO earnest_app;
GRANT INSERT, DELETE ON earnest.plan_run, earnest.plan_run_page TO earnest_app;
GRANT UPDATE (body, heard_at) ON earnest.plan_run TO earnest_app;
GRANT DELETE ON earnest.deadline TO earnest_app;

GRANT INSERT, UPDATE, DELETE ON
    people.buyer, people.identity, people.proof, people.proof_try, people.admission, people.notice_preference,
    people.campaign_member, people.campaign_interest
    TO earnest_app;
-- Whoever worked here stays on record, because what they did does.
GRANT INSERT, UPDATE ON people.staff TO earnest_app;
GRANT INSERT, UPDATE, DELETE ON people.invitation, people.second_factor TO earnest_app;
GRANT INSERT, DELETE ON people.role_wish, people.recovery_code, people.session TO earnest_app;
GRANT UPDATE (ended_at, noted_at) ON people.session TO earnest_app;
-- The key of a passkey and whose it is never change; who wants another adds one.
GRANT INSERT, DELETE ON people.passkey, people.passkey_challenge TO earnest_app;
GRANT UPDATE (sign_count, last_used_at, tries, tries_since) ON people.passkey TO earnest_app;
GRANT INSERT, UPDATE (issued_before, noted_at) ON people.ended_actor TO earnest_app;
GRANT INSERT ON people.act, people.sight TO earnest_app;
GRANT INSERT, UPDATE, DELETE ON earnest.webhook_delivery TO earnest_app;
GRANT INSERT, DELETE ON people.outside_line_text TO earnest_app;
GRANT INSERT, UPDATE, DELETE ON people.outside_draft TO earnest_app;
-- Evidence of a dispute and the proof of a notice are facts, though they are personal: who has to
-- erase one when its time is over does so as the owner, in the open.
GRANT INSERT ON people.evidence, people.notice_mark, people.message TO earnest_app;
GRANT INSERT ON people.conversation TO earnest_app;
GRANT UPDATE (messages, waits_since, read_by_buyer, read_by_seller, staff_told_at)
    ON people.conversation TO earnest_app;
GRANT INSERT, UPDATE, DELETE ON people.order_link TO earnest_app;

-- Jobs are the library's business: its worker takes, finishes and removes them.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA procrastinate TO earnest_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA procrastinate TO earnest_app;
