"""A coach asks a teacher whether a colleague may go on with her; nothing changes without her yes."""

from alembic import op

revision = "0007"
down_revision = "0006"

_TABLE = """
CREATE TABLE scheduler.hand_over (
    id uuid CONSTRAINT hand_over_pkey PRIMARY KEY,
    request_id uuid NOT NULL
        CONSTRAINT hand_over_request_id_fkey REFERENCES scheduler.request (id),
    number smallint NOT NULL,
    coach_id uuid NOT NULL CONSTRAINT hand_over_coach_id_fkey REFERENCES scheduler.coach (id),
    to_coach_id uuid NOT NULL CONSTRAINT hand_over_to_coach_id_fkey REFERENCES scheduler.coach (id),
    why text NOT NULL,
    state text NOT NULL,
    asked_at timestamptz NOT NULL,
    answered_at timestamptz,
    CONSTRAINT hand_over_request_id_number_key UNIQUE (request_id, number),
    CONSTRAINT hand_over_people_check CHECK (coach_id <> to_coach_id),
    CONSTRAINT hand_over_why_check CHECK (why IN ('fits_better', 'no_time', 'nearer')),
    CONSTRAINT hand_over_state_check CHECK (state IN ('asked', 'agreed', 'declined', 'withdrawn')),
    CONSTRAINT hand_over_answered_check CHECK ((state = 'asked') = (answered_at IS NULL))
);
CREATE UNIQUE INDEX hand_over_asked_key ON scheduler.hand_over (request_id) WHERE state = 'asked';
GRANT SELECT, INSERT, UPDATE ON scheduler.hand_over TO remit_scheduler;
"""


def upgrade() -> None:
    op.execute(_TABLE)
