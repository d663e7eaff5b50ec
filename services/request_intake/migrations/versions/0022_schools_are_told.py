"""Schools are told to the other services: each has a version, and those that are here are told once."""

from alembic import op

revision = "0022"
down_revision = "0021"

_VERSION = """
ALTER TABLE request_intake.school ADD COLUMN version integer NOT NULL DEFAULT 1
    CONSTRAINT school_version_counts_from_one CHECK (version >= 1);
"""
# As `append` writes it: what was loaded before the event was there would never be heard of.
_TELL = """
WITH told AS (
    INSERT INTO bus.event (id, name, schema_version, aggregate_id, body)
    SELECT made.id, 'school.kept', 1, school.id, jsonb_build_object('specversion', '1.0',
        'id', made.id, 'source', '/request_intake', 'type', 'remit.school.kept.v1',
        'subject', school.id, 'time', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'datacontenttype', 'application/json', 'data', jsonb_build_object(
            'version', 1, 'school_id', school.id, 'key', school.key, 'school_name', school.name))
    FROM request_intake.school
    CROSS JOIN LATERAL (SELECT gen_random_uuid() AS id WHERE school.id IS NOT NULL) made
    RETURNING id, name, aggregate_id
)
INSERT INTO bus.delivery (event_id, subscriber, name, aggregate_id)
SELECT id, 'scheduler', name, aggregate_id FROM told
"""


def upgrade() -> None:
    op.execute(_VERSION)
    op.execute(_TELL)
