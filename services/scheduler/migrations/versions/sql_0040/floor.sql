-- The share of a coach's week that only the named modes may use: the model says it of her coach types, by
-- the newest sealed version; the largest counts, and only for who offers a mode that may use it.
CREATE FUNCTION scheduler.protect(coaches uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = scheduler, pg_catalog, pg_temp AS $$
    UPDATE coach c SET protected_percent = p.percent
    FROM (
        SELECT i.id, coalesce(max(t.protected_percent) FILTER (WHERE EXISTS (
            SELECT FROM coach_offer x JOIN mode_terms m ON m.version = v.version AND m.key = x.support_mode
            WHERE x.coach_id = i.id AND m.uses_protected)), 0) AS percent
        FROM coach i
        CROSS JOIN (SELECT max(version) AS version FROM model_version WHERE sealed_at IS NOT NULL) v
        LEFT JOIN coach_offer o ON o.coach_id = i.id
        LEFT JOIN coach_type_terms t ON t.version = v.version AND t.key = o.coach_type
        WHERE coaches IS NULL OR i.id = ANY (coaches)
        GROUP BY i.id
    ) p WHERE p.id = c.id AND c.protected_percent <> p.percent
$$;

CREATE FUNCTION scheduler.protect_by_offers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = scheduler, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM protect(array(SELECT DISTINCT coach_id FROM changed));
    RETURN NULL;
END $$;
CREATE TRIGGER protect_inserted AFTER INSERT ON scheduler.coach_offer
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION scheduler.protect_by_offers();
CREATE TRIGGER protect_deleted AFTER DELETE ON scheduler.coach_offer
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION scheduler.protect_by_offers();

CREATE FUNCTION scheduler.protect_by_model() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = scheduler, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM protect(NULL);
    RETURN NULL;
END $$;
CREATE TRIGGER protect_by_model AFTER UPDATE OF sealed_at ON scheduler.model_version
    FOR EACH STATEMENT EXECUTE FUNCTION scheduler.protect_by_model();

-- The same for cycles: a repair writes the ceiling that should be.
DROP FUNCTION scheduler.recount_cycles(uuid);
CREATE FUNCTION scheduler.recount_cycles(coach uuid, repair boolean DEFAULT false) RETURNS void
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
    UPDATE coach_cycles SET cycles = has, ceiling = CASE WHEN repair THEN greatest(cap, has)
        ELSE least(ceiling, greatest(cap, has)) END
        WHERE coach_id = coach;
END $$;

REVOKE EXECUTE ON FUNCTION scheduler.recount_cycles, scheduler.week_caps, scheduler.true_weeks,
    scheduler.follow_weeks, scheduler.follow_week, scheduler.store_open, scheduler.protect,
    scheduler.protect_by_offers, scheduler.protect_by_model FROM PUBLIC;
GRANT EXECUTE ON FUNCTION scheduler.recount_cycles, scheduler.week_caps, scheduler.true_weeks, scheduler.follow_week,
    scheduler.store_open, scheduler.protect_by_offers, scheduler.protect_by_model TO remit_scheduler;

-- What is there already counts from now on; nothing that is booked is taken away.
UPDATE scheduler.coach_week k SET unprotected = coalesce(t.unprotected, 0)
FROM scheduler.true_weeks(array(SELECT id FROM scheduler.coach), '-infinity', 'infinity') t
WHERE t.coach_id = k.coach_id AND t.week = k.week;
UPDATE scheduler.coach_week k SET unprotected_ceiling = greatest(w.unprotected_cap, k.unprotected)
FROM scheduler.coach_week d CROSS JOIN LATERAL scheduler.week_caps(d.coach_id, d.week) w
WHERE k.coach_id = d.coach_id AND k.week = d.week;
ALTER TABLE scheduler.coach_week
    ALTER COLUMN unprotected_ceiling DROP DEFAULT,
    ADD CONSTRAINT coach_week_within_floor CHECK (unprotected <= unprotected_ceiling);
SELECT scheduler.protect(NULL);
