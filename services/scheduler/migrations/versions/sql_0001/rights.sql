-- What the scheduler's role may do. It owns nothing, and what was published or counted it only reads.
GRANT USAGE ON SCHEMA scheduler TO remit_scheduler;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA scheduler FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA scheduler TO remit_scheduler;

GRANT SELECT, INSERT, UPDATE ON scheduler.division, scheduler.coach, scheduler.request,
    scheduler.session TO remit_scheduler;
-- A day keeps its date, for sessions were counted under it.
GRANT SELECT, INSERT, UPDATE (starts_at) ON scheduler.local_day TO remit_scheduler;
GRANT SELECT, INSERT, UPDATE, DELETE ON scheduler.coach_offer, scheduler.coach_school,
    scheduler.weekly_hours, scheduler.hours_exception TO remit_scheduler;
GRANT SELECT, INSERT ON scheduler.model_version, scheduler.combination, scheduler.mode_terms,
    scheduler.coach_type_terms, scheduler.topic_terms, scheduler.match TO remit_scheduler;
GRANT UPDATE (sealed_at) ON scheduler.model_version TO remit_scheduler;
GRANT SELECT ON scheduler.coach_day, scheduler.coach_week TO remit_scheduler;
