"""What a school adds to the model: contacts and names of its own, never another decision."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE request_intake.school_addition (
            school_id uuid CONSTRAINT school_addition_pkey PRIMARY KEY
                CONSTRAINT school_addition_school_id_fkey
                REFERENCES request_intake.school (id) ON DELETE CASCADE,
            contacts jsonb NOT NULL,
            topics jsonb NOT NULL,
            revision integer NOT NULL,
            CONSTRAINT school_addition_adds_contacts CHECK (jsonb_typeof(contacts) = 'object'),
            CONSTRAINT school_addition_adds_topics CHECK (jsonb_typeof(topics) = 'array')
        )
    """)
    op.execute(
        "GRANT SELECT, INSERT, UPDATE ON request_intake.school_addition TO remit_request_intake"
    )
