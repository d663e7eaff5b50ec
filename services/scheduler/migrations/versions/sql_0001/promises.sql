-- Promises that need more than a constraint: sealed model versions, one person in one part.

-- Nothing out of remit: a version's combinations are written once, before it is sealed. -----------

CREATE FUNCTION scheduler.refuse_sealed() RETURNS trigger
LANGUAGE plpgsql SET search_path = scheduler, pg_catalog, pg_temp AS $$
DECLARE
    late integer;
BEGIN
    -- FOR SHARE waits for a sealing in flight, and a sealing waits for us.
    PERFORM FROM model_version WHERE version IN (SELECT n.version FROM new_rows n) FOR SHARE;
    SELECT v.version INTO late FROM model_version v
        WHERE v.sealed_at IS NOT NULL AND v.version IN (SELECT n.version FROM new_rows n) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'model version % is sealed', late USING
            ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'combination_sealed';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION scheduler.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what % holds was published: it is never changed', TG_TABLE_NAME USING
        ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_TABLE_NAME || '_insert_only';
END $$;

CREATE FUNCTION scheduler.refuse_unsealing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.sealed_at IS NOT NULL OR NEW.version <> OLD.version THEN
        RAISE EXCEPTION 'model version % is sealed', OLD.version USING
            ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'model_version_sealed';
    END IF;
    RETURN NEW;
END $$;

DO $$
DECLARE
    published text;
BEGIN
    FOREACH published IN ARRAY
        ARRAY['combination', 'mode_terms', 'coach_type_terms', 'topic_terms']
    LOOP
        EXECUTE format('CREATE TRIGGER refuse_sealed AFTER INSERT ON scheduler.%I
            REFERENCING NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION scheduler.refuse_sealed()', published);
        EXECUTE format('CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE
            ON scheduler.%I FOR EACH STATEMENT EXECUTE FUNCTION scheduler.refuse_change()',
            published);
    END LOOP;
END $$;

CREATE TRIGGER refuse_unsealing BEFORE UPDATE ON scheduler.model_version
    FOR EACH ROW EXECUTE FUNCTION scheduler.refuse_unsealing();
CREATE TRIGGER refuse_change BEFORE DELETE OR TRUNCATE ON scheduler.model_version
    FOR EACH STATEMENT EXECUTE FUNCTION scheduler.refuse_change();

-- No double booking: nobody is coach in one live session and teacher in another at the same time. --
-- Race-free: whoever books a coach holds a share of her row until the commit; whoever books her as a
-- teacher takes that row alone. Each looks only after it has its lock, and so one sees the other.
-- In the common case (no teacher is a coach) nobody waits for anybody. Others are looked up by person and
-- start (no session lasts longer than 8 hours), and "live" is said by the generated column: a plan that was
-- cached while statistics knew of no live session would else walk through a whole exclusion index.

CREATE FUNCTION scheduler.refuse_two_parts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = scheduler, pg_catalog, pg_temp AS $$
DECLARE
    a_coach_is_taught boolean;
BEGIN
    -- SERIALIZABLE too: it sees only what other serializable transactions do.
    IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
        RAISE EXCEPTION 'an old snapshot can not see who else books' USING
            ERRCODE = 'invalid_transaction_state',
            HINT = 'Write sessions in READ COMMITTED.';
    END IF;
    PERFORM FROM coach WHERE id IN
        (SELECT n.teacher_id FROM new_rows n WHERE n.state IN ('held', 'scheduled'))
        ORDER BY id FOR UPDATE;
    a_coach_is_taught := FOUND;
    PERFORM FROM coach WHERE id IN (SELECT n.coach_id FROM new_rows n)
        ORDER BY id FOR SHARE;
    IF (a_coach_is_taught AND EXISTS (
        SELECT FROM new_rows n CROSS JOIN LATERAL (
            SELECT FROM session s WHERE s.coach_id = n.teacher_id
                AND s.starts_at > lower(n.during) - interval '8 hours'
                AND s.starts_at < upper(n.during) AND upper(s.during) > lower(n.during)
                AND s.live_coach_type IS NOT NULL LIMIT 1) other
        WHERE n.state IN ('held', 'scheduled')
    )) OR EXISTS (
        SELECT FROM new_rows n CROSS JOIN LATERAL (
            SELECT FROM session s WHERE s.teacher_id = n.coach_id
                AND s.starts_at > lower(n.during) - interval '8 hours'
                AND s.starts_at < upper(n.during) AND upper(s.during) > lower(n.during)
                AND s.live_coach_type IS NOT NULL LIMIT 1) other
        WHERE n.state IN ('held', 'scheduled')
    ) THEN
        RAISE EXCEPTION 'one person would be coach and teacher at the same time' USING
            ERRCODE = 'exclusion_violation', CONSTRAINT = 'session_one_part';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER a_refuse_two_parts_inserted AFTER INSERT ON scheduler.session
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION scheduler.refuse_two_parts();
CREATE TRIGGER a_refuse_two_parts_updated AFTER UPDATE ON scheduler.session
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION scheduler.refuse_two_parts();
