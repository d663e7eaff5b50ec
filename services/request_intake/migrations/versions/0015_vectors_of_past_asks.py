"""The vectors of past asks, beside them and as private, worked out by the clock."""

from alembic import op

revision = "0015"
down_revision = "0012"

_TABLE = """
CREATE TABLE request_intake.ask_vector (
    request_id uuid CONSTRAINT ask_vector_pkey PRIMARY KEY
        CONSTRAINT ask_vector_request_id_fkey REFERENCES request_intake.request (id)
        ON DELETE CASCADE,
    vector bytea NOT NULL,
    CONSTRAINT ask_vector_is_whole CHECK (length(vector) = 1536)
);
-- They look like noise: trying to compress them costs more than it saves.
ALTER TABLE request_intake.ask_vector ALTER COLUMN vector SET STORAGE EXTERNAL;
ALTER TABLE request_intake.ask_vector ENABLE ROW LEVEL SECURITY;
CREATE POLICY system_only ON request_intake.ask_vector
    USING (current_setting('app.actor', true) = 'system:request_intake')
    WITH CHECK (current_setting('app.actor', true) = 'system:request_intake');
GRANT SELECT, INSERT, DELETE ON request_intake.ask_vector TO remit_request_intake;
INSERT INTO bus.timer (subscriber, name, every)
VALUES ('request_intake', 'keep_vectors', '20 seconds');
"""


def upgrade() -> None:
    op.execute(_TABLE)
