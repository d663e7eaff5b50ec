-- What the published model says of cycles, and what each of the three sides undertakes.
ALTER TABLE scheduler.mode_terms
    ADD COLUMN weeks_between smallint NOT NULL DEFAULT 1
        CONSTRAINT mode_terms_weeks_check CHECK (weeks_between BETWEEN 1 AND 8),
    ADD COLUMN uses_protected boolean NOT NULL DEFAULT false;
ALTER TABLE scheduler.coach_type_terms
    ADD COLUMN cycles_at_once smallint NOT NULL DEFAULT 5,
    ADD COLUMN protected_percent smallint NOT NULL DEFAULT 0
        CONSTRAINT coach_type_terms_protected_check CHECK (protected_percent BETWEEN 0 AND 99);
ALTER TABLE scheduler.model_version ADD COLUMN duties jsonb NOT NULL DEFAULT '{}';

ALTER TABLE scheduler.request
    ADD COLUMN meetings smallint NOT NULL DEFAULT 1
        CONSTRAINT request_meetings_check CHECK (meetings >= 1),
    ADD COLUMN needed_by date;
ALTER TABLE scheduler.coach ADD COLUMN cycles_at_once smallint NOT NULL DEFAULT 5
    CONSTRAINT coach_cycles_check CHECK (cycles_at_once >= 0);

-- Several meetings with one goal and one coach. Held: offered as a whole, nothing is told yet. A series
-- is one entry of a calendar: `anchor_at` is when it first recurs, and `sequence` counts what was told
-- of it. Another coach is another series; what was told of the one before is kept in `former`.
CREATE TABLE scheduler.cycle (
    request_id uuid CONSTRAINT cycle_pkey PRIMARY KEY
        CONSTRAINT cycle_request_id_fkey REFERENCES scheduler.request (id),
    coach_id uuid NOT NULL CONSTRAINT cycle_coach_id_fkey REFERENCES scheduler.coach (id),
    coach_type text NOT NULL,
    place_kind text NOT NULL,
    place_address text NOT NULL,
    state text NOT NULL,
    meetings smallint NOT NULL,
    weeks_between smallint NOT NULL,
    series_id uuid NOT NULL,
    anchor_at timestamptz NOT NULL,
    sequence integer NOT NULL DEFAULT 0,
    former jsonb,
    CONSTRAINT cycle_state_check CHECK (state IN ('held', 'open', 'paused', 'ended')),
    CONSTRAINT cycle_place_check CHECK (place_kind IN ('room', 'online')),
    CONSTRAINT cycle_counts_check CHECK (meetings >= 1 AND weeks_between >= 1 AND sequence >= 0)
);
CREATE INDEX cycle_coach_idx ON scheduler.cycle (coach_id) WHERE state <> 'ended';

-- Which offer a held time belongs to (an offer may hold several meetings of a cycle), and which series.
ALTER TABLE scheduler.session
    ADD COLUMN offer_id uuid,
    ADD COLUMN series_id uuid;
UPDATE scheduler.session SET offer_id = id WHERE state = 'held';
ALTER TABLE scheduler.session
    DROP CONSTRAINT session_held_check,
    ADD CONSTRAINT session_held_check CHECK (
        (state = 'held') = (held_until IS NOT NULL) AND (state <> 'held' OR offer_id IS NOT NULL));
CREATE INDEX session_offer_idx ON scheduler.session (offer_id) WHERE state = 'held';

-- Who has ticked which duty: of a cycle, or a school's leaders of their school.
CREATE TABLE scheduler.duty_tick (
    subject_id uuid NOT NULL,
    side text NOT NULL,
    duty text NOT NULL,
    ticked_by uuid NOT NULL,
    ticked_at timestamptz NOT NULL,
    CONSTRAINT duty_tick_pkey PRIMARY KEY (subject_id, side, duty),
    CONSTRAINT duty_tick_side_check CHECK (side IN ('leadership', 'coaches', 'coachees'))
);

-- Nobody overloaded: how many cycles a coach has at once. Written by a trigger alone, as coach_day is.
CREATE TABLE scheduler.coach_cycles (
    coach_id uuid CONSTRAINT coach_cycles_pkey PRIMARY KEY
        CONSTRAINT coach_cycles_coach_id_fkey REFERENCES scheduler.coach (id),
    cycles smallint NOT NULL,
    ceiling smallint NOT NULL,
    CONSTRAINT coach_cycles_within_ceiling CHECK (cycles <= ceiling)
);

CREATE FUNCTION scheduler.recount_cycles(coach uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = scheduler, pg_catalog, pg_temp AS $$
DECLARE
    cap smallint;
    has smallint;
BEGIN
    SELECT c.cycles_at_once INTO cap FROM scheduler.coach c WHERE c.id = coach FOR SHARE;
    INSERT INTO coach_cycles (coach_id, cycles, ceiling) VALUES (coach, 0, cap)
        ON CONFLICT DO NOTHING;
    PERFORM FROM coach_cycles WHERE coach_id = coach FOR UPDATE;
    SELECT count(*) INTO has FROM cycle WHERE coach_id = coach AND state <> 'ended';
    -- A ceiling never rises here; it falls to the cap as cycles end.
    UPDATE coach_cycles SET cycles = has, ceiling = least(ceiling, greatest(cap, has))
        WHERE coach_id = coach;
END $$;

CREATE FUNCTION scheduler.count_cycles() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = scheduler, pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM recount_cycles(OLD.coach_id);
    END IF;
    IF TG_OP <> 'DELETE' AND (TG_OP = 'INSERT' OR NEW.coach_id <> OLD.coach_id) THEN
        PERFORM recount_cycles(NEW.coach_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER count_cycles AFTER INSERT OR DELETE OR UPDATE OF coach_id, state ON scheduler.cycle
    FOR EACH ROW EXECUTE FUNCTION scheduler.count_cycles();

CREATE FUNCTION scheduler.follow_cycles_cap() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = scheduler, pg_catalog, pg_temp AS $$
BEGIN
    UPDATE coach_cycles SET ceiling = greatest(NEW.cycles_at_once, cycles)
        WHERE coach_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER follow_cycles_cap AFTER UPDATE OF cycles_at_once ON scheduler.coach FOR EACH ROW
    WHEN (OLD.cycles_at_once <> NEW.cycles_at_once)
    EXECUTE FUNCTION scheduler.follow_cycles_cap();

REVOKE EXECUTE ON FUNCTION scheduler.recount_cycles, scheduler.count_cycles,
    scheduler.follow_cycles_cap FROM PUBLIC;
GRANT EXECUTE ON FUNCTION scheduler.count_cycles, scheduler.follow_cycles_cap TO remit_scheduler;
GRANT SELECT, INSERT, UPDATE, DELETE ON scheduler.cycle, scheduler.duty_tick TO remit_scheduler;
GRANT SELECT ON scheduler.coach_cycles TO remit_scheduler;
