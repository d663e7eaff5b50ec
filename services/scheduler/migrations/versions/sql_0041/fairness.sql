-- Who comes first: who has waited longest, with a head start for what is needed soon, and for schools whose
-- teachers wait longer than others'. Written with the request, and each hour anew.
ALTER TABLE scheduler.request ADD COLUMN turn_at timestamptz;
UPDATE scheduler.request SET turn_at = waiting_since;
DROP INDEX scheduler.request_waiting_idx;
CREATE INDEX request_waiting_idx ON scheduler.request ((NOT ahead), turn_at, id) WHERE state = 'waiting';
CREATE INDEX request_since_idx ON scheduler.request (waiting_since) WHERE teacher_id IS NOT NULL;

-- What is taken stock of each hour. By coach type: how many coaches serve a school, and the fewest that serve
-- any one of a coach's schools, herself among them.
CREATE TABLE scheduler.school_stock (
    school_id uuid NOT NULL,
    coach_type text NOT NULL,
    coaches smallint NOT NULL,
    CONSTRAINT school_stock_pkey PRIMARY KEY (school_id, coach_type)
);
CREATE TABLE scheduler.coach_stock (
    coach_id uuid NOT NULL CONSTRAINT coach_stock_coach_id_fkey REFERENCES scheduler.coach (id),
    coach_type text NOT NULL,
    fewest smallint NOT NULL,
    CONSTRAINT coach_stock_pkey PRIMARY KEY (coach_id, coach_type)
);
-- Minutes of the past fortnight, the ways between schools among them; who joined in it has the mean for the
-- time before.
CREATE TABLE scheduler.coach_load (
    coach_id uuid CONSTRAINT coach_load_pkey PRIMARY KEY
        CONSTRAINT coach_load_coach_id_fkey REFERENCES scheduler.coach (id),
    minutes integer NOT NULL,
    travel integer NOT NULL
);
-- How long the teachers of a school waited of late, in days, and how many asks that is of.
CREATE TABLE scheduler.school_wait (
    school_id uuid CONSTRAINT school_wait_pkey PRIMARY KEY,
    asks integer NOT NULL,
    days real NOT NULL
);
ALTER TABLE scheduler.coach ADD COLUMN joined_on date NOT NULL DEFAULT '2000-01-01';
ALTER TABLE scheduler.coach ALTER COLUMN joined_on SET DEFAULT current_date;

-- What candidates are weighed by, as admins set it; the revision tells the second of two.
ALTER TABLE scheduler.division ADD COLUMN weights_revision integer NOT NULL DEFAULT 0;

-- Nobody coaches a teacher whom she appraises.
CREATE TABLE scheduler.appraisal (
    coach_id uuid NOT NULL,
    teacher_id uuid NOT NULL,
    version integer NOT NULL,
    stands boolean NOT NULL,
    CONSTRAINT appraisal_pkey PRIMARY KEY (coach_id, teacher_id)
);
CREATE INDEX appraisal_teacher_idx ON scheduler.appraisal (teacher_id) WHERE stands;

CREATE FUNCTION scheduler.refuse_appraiser() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = scheduler, pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM new_rows n JOIN appraisal a ON a.coach_id = n.coach_id AND a.teacher_id = n.teacher_id
        WHERE a.stands AND n.state IN ('held', 'scheduled')
    ) THEN
        RAISE EXCEPTION 'nobody coaches a teacher whom she appraises' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'session_not_by_appraiser';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER b_refuse_appraiser_inserted AFTER INSERT ON scheduler.session
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION scheduler.refuse_appraiser();
CREATE TRIGGER b_refuse_appraiser_updated AFTER UPDATE ON scheduler.session
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION scheduler.refuse_appraiser();
REVOKE EXECUTE ON FUNCTION scheduler.refuse_appraiser FROM PUBLIC;
GRANT EXECUTE ON FUNCTION scheduler.refuse_appraiser TO remit_scheduler;

GRANT SELECT, INSERT, UPDATE, DELETE ON scheduler.school_stock, scheduler.coach_stock,
    scheduler.coach_load, scheduler.school_wait, scheduler.appraisal TO remit_scheduler;
GRANT UPDATE (joined_on) ON scheduler.coach TO remit_scheduler;

INSERT INTO bus.timer (subscriber, name, every) VALUES ('scheduler', 'take_stock', '1 hour');
