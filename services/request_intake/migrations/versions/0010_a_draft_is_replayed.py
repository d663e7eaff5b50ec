"""What a teacher chose herself, and the replay of past asks against a draft, in chunks."""

from alembic import op

revision = "0010"
down_revision = "0009"

_ASKED = """
ALTER TABLE request_intake.request ADD COLUMN asked_topic text, ADD COLUMN asked_mode text;
"""
_REPLAY = """
CREATE TABLE request_intake.replay (
    id uuid CONSTRAINT replay_pkey PRIMARY KEY,
    revision integer NOT NULL,
    document jsonb NOT NULL,
    asked_by text NOT NULL,
    started_at timestamptz NOT NULL,
    stopped_at timestamptz
);
CREATE TABLE request_intake.replay_chunk (
    id uuid CONSTRAINT replay_chunk_pkey PRIMARY KEY,
    replay_id uuid NOT NULL CONSTRAINT replay_chunk_replay_id_fkey
        REFERENCES request_intake.replay (id) ON DELETE CASCADE,
    number integer NOT NULL,
    request_ids uuid[] NOT NULL,
    flips jsonb,
    judged_at timestamptz,
    CONSTRAINT replay_chunk_replay_id_number_key UNIQUE (replay_id, number),
    CONSTRAINT replay_chunk_is_judged_whole CHECK ((flips IS NULL) = (judged_at IS NULL))
);
GRANT SELECT, INSERT, UPDATE, DELETE ON request_intake.replay, request_intake.replay_chunk
    TO remit_request_intake;
"""


def upgrade() -> None:
    op.execute(_ASKED)
    op.execute(_REPLAY)
