"""Who appraises whom: nobody is coached by who appraises her, and the scheduler is told."""

from alembic import op

revision = "0023"
down_revision = "0022"

_TABLE = """
CREATE TABLE request_intake.appraisal (
    coach_id uuid NOT NULL
        CONSTRAINT appraisal_coach_id_fkey REFERENCES request_intake.person (id),
    teacher_id uuid NOT NULL
        CONSTRAINT appraisal_teacher_id_fkey REFERENCES request_intake.person (id),
    version integer NOT NULL,
    stands boolean NOT NULL,
    kept_by text NOT NULL,
    kept_at timestamptz NOT NULL,
    CONSTRAINT appraisal_pkey PRIMARY KEY (coach_id, teacher_id),
    CONSTRAINT appraisal_is_of_another CHECK (coach_id <> teacher_id),
    CONSTRAINT appraisal_version_counts_from_one CHECK (version >= 1),
    CONSTRAINT appraisal_is_somebodys_word CHECK (kept_by <> '')
);
CREATE INDEX appraisal_teacher_id_idx ON request_intake.appraisal (teacher_id);
"""

# Roles are looked at when it is said; who is a coach no more afterwards coaches nobody anyway. A version
# that did not grow would be old news to whoever hears of it.
_RULES = """
CREATE FUNCTION request_intake.appraisal_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.version <> OLD.version + 1 THEN
        RAISE EXCEPTION 'each word about an appraisal has the next version' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'appraisal_version_grows';
    END IF;
    IF NEW.stands AND NOT EXISTS
        (SELECT FROM access.role WHERE actor_id = NEW.coach_id AND role = 'coach')
    THEN
        RAISE EXCEPTION 'only a coach appraises' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'appraisal_is_by_a_coach';
    END IF;
    IF NEW.stands AND NOT EXISTS
        (SELECT FROM access.role WHERE actor_id = NEW.teacher_id AND role = 'teacher')
    THEN
        RAISE EXCEPTION 'only a teacher is appraised' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'appraisal_is_of_a_teacher';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER appraisal_is_whole BEFORE INSERT OR UPDATE ON request_intake.appraisal
    FOR EACH ROW EXECUTE FUNCTION request_intake.appraisal_is_whole();

GRANT SELECT, INSERT, UPDATE ON request_intake.appraisal TO remit_request_intake;
"""


def upgrade() -> None:
    op.execute(_TABLE)
    op.execute(_RULES)
