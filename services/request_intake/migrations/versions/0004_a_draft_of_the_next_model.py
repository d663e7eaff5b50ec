"""The one draft of the next coaching model."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE request_intake.model_draft (
            "only" boolean NOT NULL DEFAULT true CONSTRAINT model_draft_pkey PRIMARY KEY,
            document jsonb NOT NULL,
            revision integer NOT NULL,
            based_on integer NOT NULL CONSTRAINT model_draft_based_on_fkey
                REFERENCES request_intake.model_version (version),
            changed_by text NOT NULL,
            changed_at timestamptz NOT NULL,
            CONSTRAINT model_draft_is_one CHECK ("only")
        )
    """)
    op.execute(
        "GRANT SELECT, INSERT, UPDATE, DELETE ON request_intake.model_draft TO remit_request_intake"
    )
