-- What the scheduler keeps. The promises over it stand in promises.sql and counters.sql.

CREATE TABLE scheduler.division (
    one boolean NOT NULL DEFAULT true CONSTRAINT division_pkey PRIMARY KEY,
    name text NOT NULL,
    zone text NOT NULL,
    weights jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT division_is_one CHECK (one)
);

-- When each local day begins. Expanded by the program, which also expands the weekly hours: two
-- editions of the time zone database (PostgreSQL's own and Python's) do disagree, and then bits would
-- be counted from two different midnights. No function here reads PostgreSQL's.
CREATE TABLE scheduler.local_day (
    day date CONSTRAINT local_day_pkey PRIMARY KEY,
    starts_at timestamptz NOT NULL CONSTRAINT local_day_starts_at_key UNIQUE
);

-- The published model as data: what may be booked at all. -------------------------------------

CREATE TABLE scheduler.model_version (
    version integer CONSTRAINT model_version_pkey PRIMARY KEY,
    model_id uuid NOT NULL CONSTRAINT model_version_model_id_key UNIQUE,
    effective_from date NOT NULL,
    sealed_at timestamptz
);

CREATE TABLE scheduler.combination (
    version integer NOT NULL
        CONSTRAINT combination_version_fkey REFERENCES scheduler.model_version (version),
    coach_type text NOT NULL,
    topic text NOT NULL,
    support_mode text NOT NULL,
    CONSTRAINT combination_pkey PRIMARY KEY (version, coach_type, topic, support_mode)
);

CREATE TABLE scheduler.mode_terms (
    version integer NOT NULL
        CONSTRAINT mode_terms_version_fkey REFERENCES scheduler.model_version (version),
    key text NOT NULL,
    name text NOT NULL,
    minutes smallint NOT NULL,
    sessions_min smallint NOT NULL,
    sessions_max smallint NOT NULL,
    online_ok boolean NOT NULL,
    CONSTRAINT mode_terms_pkey PRIMARY KEY (version, key),
    CONSTRAINT mode_terms_minutes_check CHECK (minutes BETWEEN 10 AND 480 AND minutes % 5 = 0),
    CONSTRAINT mode_terms_sessions_check CHECK (1 <= sessions_min AND sessions_min <= sessions_max)
);

CREATE TABLE scheduler.coach_type_terms (
    version integer NOT NULL
        CONSTRAINT coach_type_terms_version_fkey REFERENCES scheduler.model_version (version),
    key text NOT NULL,
    name text NOT NULL,
    sessions_per_day smallint NOT NULL,
    weekly_minutes integer NOT NULL,
    CONSTRAINT coach_type_terms_pkey PRIMARY KEY (version, key)
);

CREATE TABLE scheduler.topic_terms (
    version integer NOT NULL
        CONSTRAINT topic_terms_version_fkey REFERENCES scheduler.model_version (version),
    key text NOT NULL,
    title text NOT NULL,
    CONSTRAINT topic_terms_pkey PRIMARY KEY (version, key)
);

-- Coaches: what each offers, where, and when. --------------------------------------------------

CREATE TABLE scheduler.coach (
    id uuid CONSTRAINT coach_pkey PRIMARY KEY,
    name text NOT NULL,
    email text NOT NULL,
    language text NOT NULL DEFAULT 'en',
    online_address text NOT NULL DEFAULT '',
    sessions_per_day smallint NOT NULL,
    weekly_minutes integer NOT NULL,
    CONSTRAINT coach_caps_check CHECK (sessions_per_day >= 0 AND weekly_minutes >= 0)
);

CREATE TABLE scheduler.coach_offer (
    coach_id uuid NOT NULL CONSTRAINT coach_offer_coach_id_fkey REFERENCES scheduler.coach (id),
    coach_type text NOT NULL,
    support_mode text NOT NULL,
    CONSTRAINT coach_offer_pkey PRIMARY KEY (coach_id, coach_type, support_mode)
);
CREATE INDEX coach_offer_type_idx ON scheduler.coach_offer (coach_type, support_mode, coach_id);

CREATE TABLE scheduler.coach_school (
    coach_id uuid NOT NULL CONSTRAINT coach_school_coach_id_fkey REFERENCES scheduler.coach (id),
    school_id uuid NOT NULL,
    CONSTRAINT coach_school_pkey PRIMARY KEY (coach_id, school_id)
);
CREATE INDEX coach_school_school_idx ON scheduler.coach_school (school_id, coach_id);

CREATE TABLE scheduler.weekly_hours (
    coach_id uuid NOT NULL CONSTRAINT weekly_hours_coach_id_fkey REFERENCES scheduler.coach (id),
    iso_weekday smallint NOT NULL,
    starts time NOT NULL,
    ends time NOT NULL,
    CONSTRAINT weekly_hours_pkey PRIMARY KEY (coach_id, iso_weekday, starts),
    CONSTRAINT weekly_hours_weekday_check CHECK (iso_weekday BETWEEN 1 AND 7),
    CONSTRAINT weekly_hours_order_check CHECK (starts < ends AND ends < '24:00')
);

-- `off` takes time away, `extra` adds some; without clock times it is the whole day.
CREATE TABLE scheduler.hours_exception (
    id uuid CONSTRAINT hours_exception_pkey PRIMARY KEY,
    coach_id uuid NOT NULL
        CONSTRAINT hours_exception_coach_id_fkey REFERENCES scheduler.coach (id),
    day date NOT NULL,
    kind text NOT NULL,
    starts time,
    ends time,
    CONSTRAINT hours_exception_kind_check CHECK (kind IN ('off', 'extra')),
    CONSTRAINT hours_exception_order_check
        CHECK ((starts IS NULL) = (ends IS NULL) AND (starts IS NULL OR starts < ends)),
    CONSTRAINT hours_exception_extra_check CHECK (kind = 'off' OR starts IS NOT NULL)
);
CREATE INDEX hours_exception_coach_idx ON scheduler.hours_exception (coach_id, day);

-- Requests as the scheduler was told of them. One that was cancelled before it was known has no
-- more than its id. -----------------------------------------------------------------------------

CREATE TABLE scheduler.request (
    id uuid CONSTRAINT request_pkey PRIMARY KEY,
    state text NOT NULL,
    version integer NOT NULL DEFAULT 0,
    model_version integer,
    teacher_id uuid,
    teacher_name text,
    teacher_email text,
    teacher_language text,
    school_id uuid,
    school_name text,
    room text,
    topic text,
    support_mode text,
    coach_types text[],
    meeting text,
    windows jsonb,
    waiting_since timestamptz,
    reasons jsonb NOT NULL DEFAULT '[]',
    CONSTRAINT request_state_check
        CHECK (state IN ('waiting', 'scheduled', 'completed', 'cancelled')),
    CONSTRAINT request_whole_check CHECK (
        state = 'cancelled' OR num_nulls(model_version, teacher_id, teacher_name, teacher_email,
            teacher_language, school_id, school_name, room, topic, support_mode, coach_types,
            meeting, windows, waiting_since) = 0
    )
);
CREATE INDEX request_waiting_idx ON scheduler.request (waiting_since, id) WHERE state = 'waiting';

-- Sessions. -------------------------------------------------------------------------------------

CREATE TABLE scheduler.session (
    id uuid CONSTRAINT session_pkey PRIMARY KEY,
    request_id uuid NOT NULL
        CONSTRAINT session_request_id_fkey REFERENCES scheduler.request (id),
    meeting smallint NOT NULL DEFAULT 1,
    coach_id uuid NOT NULL CONSTRAINT session_coach_id_fkey REFERENCES scheduler.coach (id),
    teacher_id uuid NOT NULL,
    school_id uuid NOT NULL,
    model_version integer NOT NULL,
    coach_type text NOT NULL,
    topic text NOT NULL,
    support_mode text NOT NULL,
    place_kind text NOT NULL,
    place_address text NOT NULL,
    during tstzrange NOT NULL,
    state text NOT NULL,
    sequence integer NOT NULL DEFAULT 0,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    starts_at timestamptz GENERATED ALWAYS AS (lower(during)) STORED,
    live_coach_type text GENERATED ALWAYS AS
        (CASE WHEN state IN ('held', 'scheduled') THEN coach_type END) STORED,
    live_support_mode text GENERATED ALWAYS AS
        (CASE WHEN state IN ('held', 'scheduled') THEN support_mode END) STORED,
    CONSTRAINT session_state_check
        CHECK (state IN ('held', 'scheduled', 'completed', 'missed', 'cancelled')),
    CONSTRAINT session_place_check CHECK (place_kind IN ('room', 'online')),
    CONSTRAINT session_two_people_check CHECK (coach_id <> teacher_id),
    CONSTRAINT session_counts_check CHECK (meeting >= 1 AND sequence >= 0),
    CONSTRAINT session_during_check CHECK (
        NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)
        AND isfinite(lower(during)) AND isfinite(upper(during))
        AND lower_inc(during) AND NOT upper_inc(during)
        AND upper(during) - lower(during) BETWEEN interval '10 minutes' AND interval '8 hours'
    ),
    CONSTRAINT session_grid_check CHECK (
        extract(epoch FROM lower(during)) % 300 = 0 AND extract(epoch FROM upper(during)) % 300 = 0
    ),
    CONSTRAINT session_combination_fkey FOREIGN KEY (model_version, coach_type, topic, support_mode)
        REFERENCES scheduler.combination (version, coach_type, topic, support_mode),
    CONSTRAINT session_offer_fkey FOREIGN KEY (coach_id, live_coach_type, live_support_mode)
        REFERENCES scheduler.coach_offer (coach_id, coach_type, support_mode),
    CONSTRAINT session_coach_once EXCLUDE USING gist (coach_id WITH =, during WITH &&)
        WHERE (state IN ('held', 'scheduled')),
    CONSTRAINT session_teacher_once EXCLUDE USING gist (teacher_id WITH =, during WITH &&)
        WHERE (state IN ('held', 'scheduled'))
);
-- A request's meeting is booked once, however often it is told of.
CREATE UNIQUE INDEX session_request_once ON scheduler.session (request_id, meeting)
    WHERE state <> 'cancelled';
CREATE INDEX session_coach_idx ON scheduler.session (coach_id, starts_at);
CREATE INDEX session_teacher_idx ON scheduler.session (teacher_id, starts_at);

-- Why this coach and this time: one row for each time that the scheduler made up its mind.
CREATE TABLE scheduler.match (
    request_id uuid NOT NULL CONSTRAINT match_request_id_fkey REFERENCES scheduler.request (id),
    version integer NOT NULL,
    session_id uuid CONSTRAINT match_session_id_fkey REFERENCES scheduler.session (id),
    coach_id uuid CONSTRAINT match_coach_id_fkey REFERENCES scheduler.coach (id),
    decided_at timestamptz NOT NULL,
    reasons jsonb NOT NULL,
    candidates jsonb NOT NULL,
    weights jsonb NOT NULL,
    CONSTRAINT match_pkey PRIMARY KEY (request_id, version),
    CONSTRAINT match_whole_check CHECK ((session_id IS NULL) = (coach_id IS NULL))
);
CREATE INDEX match_session_idx ON scheduler.match (session_id);

-- What each coach has on a local day and in a local week. Written by triggers alone. --------------

CREATE TABLE scheduler.coach_day (
    coach_id uuid NOT NULL CONSTRAINT coach_day_coach_id_fkey REFERENCES scheduler.coach (id),
    day date NOT NULL,
    sessions smallint NOT NULL,
    minutes smallint NOT NULL,
    ceiling smallint NOT NULL,
    CONSTRAINT coach_day_pkey PRIMARY KEY (coach_id, day),
    CONSTRAINT coach_day_within_ceiling CHECK (sessions <= ceiling)
);

-- Bit i is the five minutes that begin 5 * i minutes after the local Monday's first instant; a week
-- has 167, 168 or 169 hours, and what lies behind its end stays 0. `open` is null until it is
-- expanded from the weekly hours.
CREATE TABLE scheduler.coach_week (
    coach_id uuid NOT NULL CONSTRAINT coach_week_coach_id_fkey REFERENCES scheduler.coach (id),
    week date NOT NULL,
    sessions smallint NOT NULL,
    minutes integer NOT NULL,
    ceiling integer NOT NULL,
    open bit(2028),
    busy bit(2028) NOT NULL,
    CONSTRAINT coach_week_pkey PRIMARY KEY (coach_id, week),
    CONSTRAINT coach_week_monday_check CHECK (extract(isodow FROM week) = 1),
    CONSTRAINT coach_week_within_ceiling CHECK (minutes <= ceiling)
);
-- Many updates to few rows, none of them to an indexed column: leave room for them on the page.
ALTER TABLE scheduler.coach_day SET (fillfactor = 70);
ALTER TABLE scheduler.coach_week SET (fillfactor = 70);
