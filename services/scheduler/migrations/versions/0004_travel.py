"""Where schools are, how long it takes between them, and where a coach's day begins and ends."""

from alembic import op

revision = "0004"
down_revision = "0003"

_TABLES = """
ALTER TABLE scheduler.school_time
    ADD COLUMN latitude double precision,
    ADD COLUMN longitude double precision,
    ADD CONSTRAINT school_time_spot_check CHECK ((latitude IS NULL) = (longitude IS NULL)
        AND latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180);
ALTER TABLE scheduler.division ADD COLUMN travel_kmh smallint NOT NULL DEFAULT 50
    CONSTRAINT division_travel_kmh_check CHECK (travel_kmh BETWEEN 5 AND 130);
ALTER TABLE scheduler.coach ADD COLUMN home_base uuid;

-- Minutes that somebody knows better than a map; from and to are two directions.
CREATE TABLE scheduler.travel_time (
    from_school uuid NOT NULL,
    to_school uuid NOT NULL,
    minutes smallint NOT NULL,
    CONSTRAINT travel_time_pkey PRIMARY KEY (from_school, to_school),
    CONSTRAINT travel_time_minutes_check CHECK (minutes BETWEEN 0 AND 480)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON scheduler.travel_time TO remit_scheduler;
"""


def upgrade() -> None:
    op.execute(_TABLES)
