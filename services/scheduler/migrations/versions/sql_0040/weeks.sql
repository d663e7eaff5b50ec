-- What a week may hold at most, and of it for modes that may not use protected time.
ALTER TABLE scheduler.coach_week
    ADD COLUMN protected bit(2028),
    ADD COLUMN unprotected integer NOT NULL DEFAULT 0,
    ADD COLUMN unprotected_ceiling integer NOT NULL DEFAULT 0;

CREATE FUNCTION scheduler.week_caps(of_coach uuid, of_week date)
RETURNS TABLE (cap integer, unprotected_cap integer)
LANGUAGE sql STABLE AS $$
    SELECT l.cap, least(l.cap, l.cap - ceil(l.cap * c.protected_percent / 100.0)::integer + coalesce((
        SELECT sum(g.minutes) FROM scheduler.protected_grant g
        WHERE g.coach_id = of_coach AND g.week = of_week), 0)::integer)
    FROM scheduler.coach c CROSS JOIN LATERAL (
        SELECT least(c.weekly_minutes, min(w.minutes)) AS cap FROM scheduler.week_cap w
        WHERE w.coach_id = of_coach AND w.week = of_week) l
    WHERE c.id = of_coach
$$;

DROP FUNCTION scheduler.true_weeks(uuid[], timestamptz, timestamptz);
CREATE FUNCTION scheduler.true_weeks(
    coaches uuid[], since timestamptz, until timestamptz
) RETURNS TABLE (coach_id uuid, week date, sessions smallint, minutes integer, unprotected integer,
    busy bit(2028))
LANGUAGE sql STABLE AS $$
    SELECT s.coach_id, w.week, (count(*) FILTER (WHERE w.begins))::smallint,
        coalesce(sum(s.minutes) FILTER (WHERE w.begins), 0)::integer,
        coalesce(sum(s.minutes) FILTER (WHERE w.begins AND NOT s.uses_protected), 0)::integer,
        bit_or(scheduler.busy_slots(s.during, w.week))
    FROM (
        SELECT s.coach_id, s.during, extract(epoch FROM upper(s.during) - lower(s.during)) / 60 AS minutes,
            m.uses_protected
        FROM scheduler.session s
        JOIN scheduler.mode_terms m ON m.version = s.model_version AND m.key = s.support_mode
        WHERE s.coach_id = ANY (coaches) AND s.state <> 'cancelled'
            AND s.starts_at >= since - interval '8 hours' AND s.starts_at < until
    ) s CROSS JOIN LATERAL (
        SELECT scheduler.week_of(lower(s.during)), true
        UNION ALL
        SELECT scheduler.week_of(upper(s.during) - interval '5 minutes'), false
        WHERE scheduler.week_of(upper(s.during) - interval '5 minutes')
            <> scheduler.week_of(lower(s.during))
    ) AS w (week, begins)
    GROUP BY 1, 2
$$;

CREATE OR REPLACE FUNCTION scheduler.count_inserted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = scheduler, pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO coach_day AS kept (coach_id, day, sessions, minutes, ceiling)
    SELECT t.coach_id, t.day, t.sessions, t.minutes, c.sessions_per_day FROM (
        SELECT n.coach_id, day_of(n.starts_at) AS day, count(*) AS sessions,
            sum(extract(epoch FROM upper(n.during) - lower(n.during)) / 60) AS minutes
        FROM new_rows n WHERE n.state <> 'cancelled' GROUP BY 1, 2
    ) t JOIN coach c ON c.id = t.coach_id ORDER BY 1, 2
    ON CONFLICT ON CONSTRAINT coach_day_pkey DO UPDATE
    SET sessions = kept.sessions + excluded.sessions, minutes = kept.minutes + excluded.minutes;

    INSERT INTO coach_week AS kept (coach_id, week, sessions, minutes, unprotected, ceiling,
        unprotected_ceiling, busy)
    SELECT t.coach_id, t.week, t.sessions, t.minutes, t.unprotected, w.cap, w.unprotected_cap, t.busy
    FROM (
        SELECT n.coach_id, w.week, count(*) FILTER (WHERE w.begins) AS sessions,
            coalesce(sum(n.minutes) FILTER (WHERE w.begins), 0) AS minutes,
            coalesce(sum(n.minutes) FILTER (WHERE w.begins AND NOT n.uses_protected), 0) AS unprotected,
            bit_or(busy_slots(n.during, w.week)) AS busy
        FROM (
            SELECT r.coach_id, r.during, m.uses_protected,
                extract(epoch FROM upper(r.during) - lower(r.during)) / 60 AS minutes
            FROM new_rows r JOIN mode_terms m ON m.version = r.model_version AND m.key = r.support_mode
            WHERE r.state <> 'cancelled'
        ) n CROSS JOIN LATERAL (
            SELECT week_of(lower(n.during)), true
            UNION ALL
            SELECT week_of(upper(n.during) - interval '5 minutes'), false
            WHERE week_of(upper(n.during) - interval '5 minutes') <> week_of(lower(n.during))
        ) AS w (week, begins)
        GROUP BY 1, 2
    ) t CROSS JOIN LATERAL week_caps(t.coach_id, t.week) w ORDER BY 1, 2
    ON CONFLICT ON CONSTRAINT coach_week_pkey DO UPDATE
    SET sessions = kept.sessions + excluded.sessions, minutes = kept.minutes + excluded.minutes,
        unprotected = kept.unprotected + excluded.unprotected, busy = kept.busy | excluded.busy;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION scheduler.recount(
    coaches uuid[], since timestamptz, until timestamptz, repair boolean DEFAULT false
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = scheduler, pg_catalog, pg_temp AS $$
DECLARE
    first_week date;
    last_week date;
BEGIN
    first_week := week_of(since);
    last_week := week_of(until);
    since := week_starts(first_week);
    until := week_starts(last_week + 7);
    IF since IS NULL OR until IS NULL THEN  -- nothing could be counted, and so nothing be refused
        RAISE EXCEPTION 'a session lies outside the local days that are known' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'session_day_is_known';
    END IF;
    PERFORM FROM coach WHERE id = ANY (coaches) ORDER BY id FOR SHARE;

    INSERT INTO coach_day (coach_id, day, sessions, minutes, ceiling)
    SELECT t.coach_id, t.day, 0, 0, c.sessions_per_day
    FROM true_days(coaches, since, until) t JOIN coach c ON c.id = t.coach_id
    ORDER BY 1, 2 ON CONFLICT DO NOTHING;
    PERFORM FROM coach_day WHERE coach_id = ANY (coaches)
        AND day BETWEEN first_week AND last_week + 6 ORDER BY coach_id, day FOR UPDATE;
    UPDATE coach_day kept SET sessions = coalesce(t.sessions, 0), minutes = coalesce(t.minutes, 0),
        ceiling = CASE WHEN repair THEN greatest(c.sessions_per_day, coalesce(t.sessions, 0))
            ELSE least(kept.ceiling, greatest(c.sessions_per_day, coalesce(t.sessions, 0))) END
    FROM coach c, coach_day d LEFT JOIN true_days(coaches, since, until) t
        ON t.coach_id = d.coach_id AND t.day = d.day
    WHERE d.coach_id = ANY (coaches) AND d.day BETWEEN first_week AND last_week + 6
        AND kept.coach_id = d.coach_id AND kept.day = d.day AND c.id = d.coach_id
        AND (repair OR (kept.sessions, kept.minutes)
            IS DISTINCT FROM (coalesce(t.sessions, 0), coalesce(t.minutes, 0)));

    INSERT INTO coach_week (coach_id, week, sessions, minutes, unprotected, ceiling,
        unprotected_ceiling, busy)
    SELECT t.coach_id, t.week, 0, 0, 0, w.cap, w.unprotected_cap, B'0'::bit(2028)
    FROM true_weeks(coaches, since, until) t CROSS JOIN LATERAL week_caps(t.coach_id, t.week) w
    WHERE t.week BETWEEN first_week AND last_week ORDER BY 1, 2 ON CONFLICT DO NOTHING;
    PERFORM FROM coach_week WHERE coach_id = ANY (coaches)
        AND week BETWEEN first_week AND last_week ORDER BY coach_id, week FOR UPDATE;
    UPDATE coach_week kept SET sessions = coalesce(t.sessions, 0), minutes = coalesce(t.minutes, 0),
        unprotected = coalesce(t.unprotected, 0), busy = coalesce(t.busy, B'0'::bit(2028)),
        ceiling = CASE WHEN repair THEN greatest(w.cap, coalesce(t.minutes, 0))
            ELSE least(kept.ceiling, greatest(w.cap, coalesce(t.minutes, 0))) END,
        unprotected_ceiling = CASE WHEN repair
            THEN greatest(w.unprotected_cap, coalesce(t.unprotected, 0))
            ELSE least(kept.unprotected_ceiling,
                greatest(w.unprotected_cap, coalesce(t.unprotected, 0))) END
    FROM coach_week d LEFT JOIN true_weeks(coaches, since, until) t
            ON t.coach_id = d.coach_id AND t.week = d.week
        CROSS JOIN LATERAL week_caps(d.coach_id, d.week) w
    WHERE d.coach_id = ANY (coaches) AND d.week BETWEEN first_week AND last_week
        AND kept.coach_id = d.coach_id AND kept.week = d.week
        AND (repair OR (kept.sessions, kept.minutes, kept.unprotected, kept.busy) IS DISTINCT FROM
            (coalesce(t.sessions, 0), coalesce(t.minutes, 0), coalesce(t.unprotected, 0),
                coalesce(t.busy, B'0'::bit(2028))));
END $$;

-- Another mode may not make protected time of a session, nor take it away, behind the counters' back.
CREATE OR REPLACE FUNCTION scheduler.count_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = scheduler, pg_catalog, pg_temp AS $$
DECLARE
    touched record;
BEGIN
    IF TG_OP = 'DELETE' THEN
        SELECT array_agg(DISTINCT o.coach_id) AS coaches, min(lower(o.during)) AS since,
            max(upper(o.during)) AS until
        INTO touched FROM old_rows o WHERE o.state <> 'cancelled';
    ELSE
        SELECT array_agg(DISTINCT x.coach_id) AS coaches, min(lower(x.during)) AS since,
            max(upper(x.during)) AS until
        INTO touched FROM old_rows o FULL JOIN new_rows n ON n.id = o.id
            CROSS JOIN LATERAL (VALUES (o.coach_id, o.during), (n.coach_id, n.during))
                AS x (coach_id, during)
        WHERE (o.state <> 'cancelled' OR n.state <> 'cancelled')
            AND (o.coach_id, o.during, o.model_version, o.support_mode, o.state <> 'cancelled')
                IS DISTINCT FROM
                (n.coach_id, n.during, n.model_version, n.support_mode, n.state <> 'cancelled')
            AND x.coach_id IS NOT NULL;
    END IF;
    IF touched.coaches IS NOT NULL THEN
        PERFORM recount(touched.coaches, touched.since, touched.until);
    END IF;
    RETURN NULL;
END $$;

-- Ceilings follow what they come from. A lowered one takes nothing away that is booked.
CREATE FUNCTION scheduler.follow_weeks(of_coach uuid, of_week date) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = scheduler, pg_catalog, pg_temp AS $$
    UPDATE coach_week k SET ceiling = greatest(w.cap, k.minutes),
        unprotected_ceiling = greatest(w.unprotected_cap, k.unprotected)
    FROM coach_week d CROSS JOIN LATERAL week_caps(d.coach_id, d.week) w
    WHERE d.coach_id = of_coach AND (of_week IS NULL OR d.week = of_week)
        AND k.coach_id = d.coach_id AND k.week = d.week
$$;

CREATE OR REPLACE FUNCTION scheduler.follow_caps() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = scheduler, pg_catalog, pg_temp AS $$
BEGIN
    UPDATE coach_day SET ceiling = greatest(NEW.sessions_per_day, sessions)
        WHERE coach_id = NEW.id;
    PERFORM follow_weeks(NEW.id, NULL);
    RETURN NULL;
END $$;
DROP TRIGGER follow_caps ON scheduler.coach;
CREATE TRIGGER follow_caps AFTER UPDATE ON scheduler.coach FOR EACH ROW
    WHEN ((OLD.sessions_per_day, OLD.weekly_minutes, OLD.protected_percent)
        IS DISTINCT FROM (NEW.sessions_per_day, NEW.weekly_minutes, NEW.protected_percent))
    EXECUTE FUNCTION scheduler.follow_caps();

CREATE FUNCTION scheduler.follow_week() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = scheduler, pg_catalog, pg_temp AS $$
BEGIN
    -- Whoever opens her weeks at the same time waits, and then begins with the new cap.
    PERFORM FROM coach WHERE id = coalesce(NEW.coach_id, OLD.coach_id) FOR NO KEY UPDATE;
    IF TG_OP <> 'INSERT' THEN
        PERFORM follow_weeks(OLD.coach_id, OLD.week);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM follow_weeks(NEW.coach_id, NEW.week);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER follow_week AFTER INSERT OR UPDATE OR DELETE ON scheduler.week_cap FOR EACH ROW
    EXECUTE FUNCTION scheduler.follow_week();
CREATE TRIGGER follow_week AFTER INSERT ON scheduler.protected_grant FOR EACH ROW
    EXECUTE FUNCTION scheduler.follow_week();

-- When she can be booked at all, and which of it is protected.
DROP FUNCTION scheduler.store_open(uuid[], date[], text[]);
CREATE FUNCTION scheduler.store_open(coaches uuid[], weeks date[], opened text[], kept text[])
RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = scheduler, pg_catalog, pg_temp AS $$
    -- A cap that is being changed is waited for: a week's ceiling must not begin as the old one.
    SELECT FROM coach WHERE id = ANY (coaches) ORDER BY id FOR SHARE;
    INSERT INTO coach_week AS kept (coach_id, week, sessions, minutes, unprotected, ceiling,
        unprotected_ceiling, open, protected, busy)
    SELECT c.id, o.week, 0, 0, 0, w.cap, w.unprotected_cap, o.bits::bit(2028),
        o.protected_bits::bit(2028), B'0'::bit(2028)
    FROM unnest(coaches, weeks, opened, kept) AS o (coach_id, week, bits, protected_bits)
        JOIN coach c ON c.id = o.coach_id CROSS JOIN LATERAL week_caps(c.id, o.week) w
    ORDER BY c.id, o.week
    ON CONFLICT ON CONSTRAINT coach_week_pkey DO UPDATE
        SET open = excluded.open, protected = excluded.protected
        WHERE (kept.open, kept.protected) IS DISTINCT FROM (excluded.open, excluded.protected)
$$;
