-- Hours on a weekday, or on the days of a label of one school's cycle. `protected` hours are for the named
-- modes alone; with `at_school` she is there then, and meets in person nowhere else.
ALTER TABLE scheduler.weekly_hours
    DROP CONSTRAINT weekly_hours_pkey,
    ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT weekly_hours_pkey PRIMARY KEY,
    ADD COLUMN label_school uuid,
    ADD COLUMN label text,
    ADD COLUMN protected boolean NOT NULL DEFAULT false,
    ADD COLUMN at_school uuid,
    ALTER COLUMN iso_weekday DROP NOT NULL,
    ADD CONSTRAINT weekly_hours_day_check CHECK (
        (iso_weekday IS NULL) = (label IS NOT NULL) AND (label IS NULL) = (label_school IS NULL));
CREATE INDEX weekly_hours_coach_idx ON scheduler.weekly_hours (coach_id);
CREATE INDEX weekly_hours_label_idx ON scheduler.weekly_hours (label_school)
    WHERE label_school IS NOT NULL;

-- Minutes that stay free around each of her meetings; the notice that she needs, if it is longer than the
-- division's; how often her hours were changed; what share of her week is protected, and from when on she
-- coaches. The share is the model's: it is written by a trigger alone.
ALTER TABLE scheduler.coach
    ADD COLUMN buffer_minutes smallint NOT NULL DEFAULT 0
        CONSTRAINT coach_buffer_check CHECK (buffer_minutes BETWEEN 0 AND 120),
    ADD COLUMN notice_minutes integer
        CONSTRAINT coach_notice_check CHECK (notice_minutes BETWEEN 0 AND 40320),
    ADD COLUMN revision integer NOT NULL DEFAULT 0,
    ADD COLUMN protected_percent smallint NOT NULL DEFAULT 0
        CONSTRAINT coach_protected_check CHECK (protected_percent BETWEEN 0 AND 99);

-- A week in which she does less than her cap: because she says so, or because she is new.
CREATE TABLE scheduler.week_cap (
    coach_id uuid NOT NULL CONSTRAINT week_cap_coach_id_fkey REFERENCES scheduler.coach (id),
    week date NOT NULL,
    why text NOT NULL,
    minutes integer NOT NULL,
    set_at timestamptz NOT NULL,
    CONSTRAINT week_cap_pkey PRIMARY KEY (coach_id, week, why),
    CONSTRAINT week_cap_monday_check CHECK (extract(isodow FROM week) = 1),
    CONSTRAINT week_cap_why_check CHECK (why IN ('lighter', 'ramp_up')),
    CONSTRAINT week_cap_minutes_check CHECK (minutes >= 0)
);

-- Protected minutes of one week that other modes may use all the same: somebody says so, and why.
CREATE TABLE scheduler.protected_grant (
    id uuid CONSTRAINT protected_grant_pkey PRIMARY KEY,
    coach_id uuid NOT NULL
        CONSTRAINT protected_grant_coach_id_fkey REFERENCES scheduler.coach (id),
    week date NOT NULL,
    minutes integer NOT NULL,
    granted_by uuid NOT NULL,
    reason text NOT NULL,
    granted_at timestamptz NOT NULL,
    CONSTRAINT protected_grant_monday_check CHECK (extract(isodow FROM week) = 1),
    CONSTRAINT protected_grant_minutes_check CHECK (minutes BETWEEN 5 AND 2400),
    CONSTRAINT protected_grant_reason_check CHECK (length(btrim(reason)) >= 3)
);
CREATE INDEX protected_grant_coach_idx ON scheduler.protected_grant (coach_id, week);
-- Where she is: the slots of a week that she spends at one school. Weeks without such are not here.
CREATE TABLE scheduler.coach_week_at (
    coach_id uuid NOT NULL CONSTRAINT coach_week_at_coach_id_fkey REFERENCES scheduler.coach (id),
    week date NOT NULL,
    school_id uuid NOT NULL,
    slots bit(2028) NOT NULL,
    CONSTRAINT coach_week_at_pkey PRIMARY KEY (coach_id, week, school_id)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON scheduler.week_cap, scheduler.coach_week_at TO remit_scheduler;
GRANT SELECT, INSERT ON scheduler.protected_grant TO remit_scheduler;
REVOKE UPDATE ON scheduler.coach FROM remit_scheduler;
GRANT UPDATE (name, email, language, online_address, sessions_per_day, weekly_minutes, cycles_at_once,
    home_base, last_day, buffer_minutes, notice_minutes, revision) ON scheduler.coach TO remit_scheduler;
