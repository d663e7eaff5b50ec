"""What schools call their days and periods, so that a teacher may ask in those words."""

from alembic import op

revision = "0018"
down_revision = "0017"

_TABLES = """
ALTER TABLE request_intake.request ADD COLUMN school_windows jsonb NOT NULL DEFAULT '[]';

CREATE TABLE request_intake.school_time (
    school_id uuid CONSTRAINT school_time_pkey PRIMARY KEY
        CONSTRAINT school_time_school_id_fkey
            REFERENCES request_intake.school (id) ON DELETE CASCADE,
    version bigint NOT NULL,
    labels text[] NOT NULL,
    by_weekday boolean NOT NULL,
    periods text[] NOT NULL
);

CREATE TABLE request_intake.known_timetable (
    teacher_id uuid NOT NULL,
    school_id uuid NOT NULL,
    version bigint NOT NULL,
    prepares boolean NOT NULL,
    CONSTRAINT known_timetable_pkey PRIMARY KEY (teacher_id, school_id)
);

GRANT SELECT, INSERT, UPDATE ON request_intake.school_time, request_intake.known_timetable
    TO remit_request_intake;
"""


def upgrade() -> None:
    op.execute(_TABLES)
