-- Nobody overloaded: coach_day and coach_week follow `session` in the session's own transaction.
-- Every session but a cancelled one counts, on the local day and week in which it begins; its time is
-- busy in each week that it touches.

CREATE FUNCTION scheduler.slots(first_slot integer, end_slot integer) RETURNS bit(2028)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ((~ B'0'::bit(2028)) << (2028 - least(end_slot, 2028) + greatest(first_slot, 0)))
        >> greatest(first_slot, 0)
$$;

-- The local day, and the Monday of the local week, in which an instant falls.
CREATE FUNCTION scheduler.day_of(instant timestamptz) RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT d.day FROM scheduler.local_day d
    WHERE d.starts_at <= instant AND d.starts_at > instant - interval '26 hours'
    ORDER BY d.starts_at DESC LIMIT 1
$$;

CREATE FUNCTION scheduler.week_of(instant timestamptz) RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT date_trunc('week', scheduler.day_of(instant)::timestamp)::date
$$;

CREATE FUNCTION scheduler.week_starts(week date) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT d.starts_at FROM scheduler.local_day d WHERE d.day = week
$$;

-- The bits of `during` within the week that begins on `week`, a local Monday.
CREATE FUNCTION scheduler.busy_slots(during tstzrange, week date) RETURNS bit(2028)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT scheduler.slots(
        (extract(epoch FROM lower(during) - scheduler.week_starts(week)) / 300)::integer,
        (extract(epoch FROM least(upper(during), scheduler.week_starts(week + 7))
            - scheduler.week_starts(week)) / 300)::integer)
$$;

-- What `session` says that coach_day and coach_week should hold. ----------------------------------

CREATE FUNCTION scheduler.true_days(
    coaches uuid[], since timestamptz, until timestamptz
) RETURNS TABLE (coach_id uuid, day date, sessions smallint, minutes smallint)
LANGUAGE sql STABLE AS $$
    SELECT s.coach_id, scheduler.day_of(s.starts_at), count(*)::smallint,
        sum(extract(epoch FROM upper(s.during) - lower(s.during)) / 60)::smallint
    FROM scheduler.session s
    WHERE s.coach_id = ANY (coaches) AND s.state <> 'cancelled'
        AND s.starts_at >= since AND s.starts_at < until
    GROUP BY 1, 2
$$;

CREATE FUNCTION scheduler.true_weeks(
    coaches uuid[], since timestamptz, until timestamptz
) RETURNS TABLE (coach_id uuid, week date, sessions smallint, minutes integer, busy bit(2028))
LANGUAGE sql STABLE AS $$
    SELECT s.coach_id, w.week, (count(*) FILTER (WHERE w.begins))::smallint,
        coalesce(sum(extract(epoch FROM upper(s.during) - lower(s.during)) / 60)
            FILTER (WHERE w.begins), 0)::integer,
        bit_or(scheduler.busy_slots(s.during, w.week))
    FROM scheduler.session s CROSS JOIN LATERAL (
        SELECT scheduler.week_of(lower(s.during)), true
        UNION ALL
        SELECT scheduler.week_of(upper(s.during) - interval '5 minutes'), false
        WHERE scheduler.week_of(upper(s.during) - interval '5 minutes')
            <> scheduler.week_of(lower(s.during))
    ) AS w (week, begins)
    WHERE s.coach_id = ANY (coaches) AND s.state <> 'cancelled'
        AND s.starts_at >= since - interval '8 hours' AND s.starts_at < until
    GROUP BY 1, 2
$$;

-- A booking adds. Rows are taken in one order, so that two bookings can wait but not deadlock. ----

CREATE FUNCTION scheduler.count_inserted() RETURNS trigger
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

    INSERT INTO coach_week AS kept (coach_id, week, sessions, minutes, ceiling, busy)
    SELECT t.coach_id, t.week, t.sessions, t.minutes, c.weekly_minutes, t.busy FROM (
        SELECT n.coach_id, w.week, count(*) FILTER (WHERE w.begins) AS sessions,
            coalesce(sum(extract(epoch FROM upper(n.during) - lower(n.during)) / 60)
                FILTER (WHERE w.begins), 0) AS minutes,
            bit_or(busy_slots(n.during, w.week)) AS busy
        FROM new_rows n CROSS JOIN LATERAL (
            SELECT week_of(lower(n.during)), true
            UNION ALL
            SELECT week_of(upper(n.during) - interval '5 minutes'), false
            WHERE week_of(upper(n.during) - interval '5 minutes')
                <> week_of(lower(n.during))
        ) AS w (week, begins)
        WHERE n.state <> 'cancelled' GROUP BY 1, 2
    ) t JOIN coach c ON c.id = t.coach_id ORDER BY 1, 2
    ON CONFLICT ON CONSTRAINT coach_week_pkey DO UPDATE
    SET sessions = kept.sessions + excluded.sessions, minutes = kept.minutes + excluded.minutes,
        busy = kept.busy | excluded.busy;
    RETURN NULL;
END $$;

-- Everything rarer counts anew: exact whatever was changed, and the same function repairs. ---------
-- A ceiling never rises here (only a raised cap raises it); it falls to the cap as sessions go.

CREATE FUNCTION scheduler.recount(
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

    INSERT INTO coach_week (coach_id, week, sessions, minutes, ceiling, busy)
    SELECT t.coach_id, t.week, 0, 0, c.weekly_minutes, B'0'::bit(2028)
    FROM true_weeks(coaches, since, until) t JOIN coach c ON c.id = t.coach_id
    WHERE t.week BETWEEN first_week AND last_week ORDER BY 1, 2 ON CONFLICT DO NOTHING;
    PERFORM FROM coach_week WHERE coach_id = ANY (coaches)
        AND week BETWEEN first_week AND last_week ORDER BY coach_id, week FOR UPDATE;
    UPDATE coach_week kept SET sessions = coalesce(t.sessions, 0), minutes = coalesce(t.minutes, 0),
        busy = coalesce(t.busy, B'0'::bit(2028)),
        ceiling = CASE WHEN repair THEN greatest(c.weekly_minutes, coalesce(t.minutes, 0))
            ELSE least(kept.ceiling, greatest(c.weekly_minutes, coalesce(t.minutes, 0))) END
    FROM coach c, coach_week w LEFT JOIN true_weeks(coaches, since, until) t
        ON t.coach_id = w.coach_id AND t.week = w.week
    WHERE w.coach_id = ANY (coaches) AND w.week BETWEEN first_week AND last_week
        AND kept.coach_id = w.coach_id AND kept.week = w.week AND c.id = w.coach_id
        AND (repair OR (kept.sessions, kept.minutes, kept.busy) IS DISTINCT FROM
            (coalesce(t.sessions, 0), coalesce(t.minutes, 0), coalesce(t.busy, B'0'::bit(2028))));
END $$;

CREATE FUNCTION scheduler.count_changed() RETURNS trigger
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
            AND (o.coach_id, o.during, o.state <> 'cancelled')
                IS DISTINCT FROM (n.coach_id, n.during, n.state <> 'cancelled')
            AND x.coach_id IS NOT NULL;
    END IF;
    IF touched.coaches IS NOT NULL THEN
        PERFORM recount(touched.coaches, touched.since, touched.until);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER count_inserted AFTER INSERT ON scheduler.session
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION scheduler.count_inserted();
CREATE TRIGGER count_updated AFTER UPDATE ON scheduler.session
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION scheduler.count_changed();
CREATE TRIGGER count_deleted AFTER DELETE ON scheduler.session
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION scheduler.count_changed();

-- A lowered cap takes nothing away that is booked; a raised one is in force at once. ---------------

CREATE FUNCTION scheduler.follow_caps() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = scheduler, pg_catalog, pg_temp AS $$
BEGIN
    UPDATE coach_day SET ceiling = greatest(NEW.sessions_per_day, sessions)
        WHERE coach_id = NEW.id;
    UPDATE coach_week SET ceiling = greatest(NEW.weekly_minutes, minutes)
        WHERE coach_id = NEW.id;
    RETURN NULL;
END $$;

CREATE TRIGGER follow_caps AFTER UPDATE ON scheduler.coach FOR EACH ROW
    WHEN ((OLD.sessions_per_day, OLD.weekly_minutes)
        IS DISTINCT FROM (NEW.sessions_per_day, NEW.weekly_minutes))
    EXECUTE FUNCTION scheduler.follow_caps();

-- The one thing that a program says of a week: when its coach can be booked at all. ----------------

CREATE FUNCTION scheduler.store_open(coaches uuid[], weeks date[], opened text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = scheduler, pg_catalog, pg_temp AS $$
    -- A cap that is being changed is waited for: a week's ceiling must not begin as the old one.
    SELECT FROM coach WHERE id = ANY (coaches) ORDER BY id FOR SHARE;
    INSERT INTO coach_week AS kept (coach_id, week, sessions, minutes, ceiling, open, busy)
    SELECT c.id, o.week, 0, 0, c.weekly_minutes, o.bits::bit(2028), B'0'::bit(2028)
    FROM unnest(coaches, weeks, opened) AS o (coach_id, week, bits)
        JOIN coach c ON c.id = o.coach_id
    ORDER BY c.id, o.week
    ON CONFLICT ON CONSTRAINT coach_week_pkey DO UPDATE SET open = excluded.open
        WHERE kept.open IS DISTINCT FROM excluded.open
$$;

-- Planners take turns: two that plan from the same picture choose the same coaches and times, and most of
-- what the second one worked out is refused. The turn ends with the transaction, however that ends; a
-- longer wait than elsewhere is normal here.
CREATE FUNCTION scheduler.take_turn() RETURNS void
LANGUAGE sql SET lock_timeout = '15s' AS $$
    SELECT pg_advisory_xact_lock(7358202)
$$;
