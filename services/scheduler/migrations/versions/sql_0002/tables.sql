-- A school's own time, one row for its school year. Its days are never stored: they follow from this.
CREATE TABLE scheduler.school_time (
    school_id uuid CONSTRAINT school_time_pkey PRIMARY KEY,
    name text NOT NULL,
    version integer NOT NULL DEFAULT 1,
    first_day date NOT NULL,
    last_day date NOT NULL,
    labels text[] NOT NULL,
    weekdays smallint[] NOT NULL,
    shifts boolean NOT NULL,
    cover text NOT NULL DEFAULT '',
    terms jsonb NOT NULL DEFAULT '[]',
    bells jsonb NOT NULL DEFAULT '[]',
    specials jsonb NOT NULL DEFAULT '[]',
    CONSTRAINT school_time_order_check CHECK (first_day < last_day),
    CONSTRAINT school_time_labels_check CHECK (cardinality(labels) <= 15),
    CONSTRAINT school_time_version_check CHECK (version >= 1)
);

-- A date without school. `declaration_id` is set for one that was declared on short notice.
CREATE TABLE scheduler.closure (
    school_id uuid NOT NULL
        CONSTRAINT closure_school_id_fkey REFERENCES scheduler.school_time (school_id),
    day date NOT NULL,
    kind text NOT NULL,
    shifts boolean NOT NULL,
    declaration_id uuid,
    withdrawn_at timestamptz,
    CONSTRAINT closure_pkey PRIMARY KEY (school_id, day),
    CONSTRAINT closure_kind_check CHECK (kind IN ('holiday', 'pd_day', 'closed'))
);

-- What an admin declared, and what became of it: counts grow as its schools are worked through.
CREATE TABLE scheduler.declaration (
    id uuid CONSTRAINT declaration_pkey PRIMARY KEY,
    day date NOT NULL,
    declared_at timestamptz NOT NULL,
    declared_by uuid NOT NULL,
    reason text NOT NULL,
    withdrawn_at timestamptz,
    schools integer NOT NULL,
    schools_done integer NOT NULL DEFAULT 0,
    released integer NOT NULL DEFAULT 0,
    held integer NOT NULL DEFAULT 0,
    CONSTRAINT declaration_counts_check
        CHECK (schools_done BETWEEN 0 AND schools AND 0 <= held AND held <= released)
);
CREATE INDEX declaration_day_idx ON scheduler.declaration (declared_at);

-- When a teacher teaches and prepares: "label/period" pairs of her school.
CREATE TABLE scheduler.timetable (
    teacher_id uuid NOT NULL,
    school_id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    teaches text[] NOT NULL,
    prepares text[] NOT NULL,
    CONSTRAINT timetable_pkey PRIMARY KEY (teacher_id, school_id)
);

ALTER TABLE scheduler.mode_terms ADD COLUMN where_in_day text NOT NULL DEFAULT 'either'
    CONSTRAINT mode_terms_where_check CHECK (where_in_day IN ('either', 'in_class', 'outside_class'));
ALTER TABLE scheduler.topic_terms ADD COLUMN where_in_day text NOT NULL DEFAULT ''
    CONSTRAINT topic_terms_where_check
        CHECK (where_in_day IN ('', 'either', 'in_class', 'outside_class'));

-- Windows in the school's own words; and `ahead`: a told time fell away, so she waits at the head.
ALTER TABLE scheduler.request
    ADD COLUMN school_windows jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN ahead boolean NOT NULL DEFAULT false;
DROP INDEX scheduler.request_waiting_idx;
CREATE INDEX request_waiting_idx ON scheduler.request ((NOT ahead), waiting_since, id)
    WHERE state = 'waiting';

-- A held time waits for its teacher's yes until then; it may stand in for a session that fell away.
ALTER TABLE scheduler.session
    ADD COLUMN held_until timestamptz,
    ADD COLUMN turned_down boolean NOT NULL DEFAULT false,
    ADD COLUMN instead_of uuid
        CONSTRAINT session_instead_of_fkey REFERENCES scheduler.session (id),
    ADD CONSTRAINT session_held_check CHECK ((state = 'held') = (held_until IS NOT NULL)),
    ADD CONSTRAINT session_turned_down_check CHECK (NOT turned_down OR state = 'cancelled');
-- A time that she did not want is not held for her again.
CREATE INDEX session_turned_down_idx ON scheduler.session (request_id) WHERE turned_down;
CREATE INDEX session_held_idx ON scheduler.session (held_until) WHERE state = 'held';
-- A closure asks for the live sessions of whole schools. "Live" is not said by the generated column here:
-- who looks for a person's sessions says it so, and must not be led to this index.
CREATE INDEX session_school_idx ON scheduler.session (school_id, starts_at)
    WHERE state IN ('held', 'scheduled');

GRANT SELECT, INSERT, UPDATE ON scheduler.school_time, scheduler.declaration,
    scheduler.timetable TO remit_scheduler;
GRANT SELECT, INSERT, UPDATE, DELETE ON scheduler.closure TO remit_scheduler;
