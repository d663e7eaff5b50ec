"""A teacher may let coaches read her appeal too; then one of them may say yes, never no."""

from alembic import op

revision = "0017"
down_revision = "0016"

_COLUMN = """
ALTER TABLE request_intake.review ADD COLUMN for_coaches boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT review_only_appeals_are_for_coaches CHECK (why = 'appeal' OR NOT for_coaches);
"""

_WHO = """
CREATE FUNCTION request_intake.acts_a_coach() RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    actor text := current_setting('app.actor', true);
BEGIN
    IF actor IS NULL OR actor !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
        RETURN false;
    END IF;
    RETURN EXISTS (SELECT FROM access.role r JOIN access.actor a ON a.id = r.actor_id
        WHERE a.id = actor::uuid AND r.role = 'coach' AND a.disabled_at IS NULL);
END $$;

CREATE OR REPLACE FUNCTION request_intake.may_review(asked uuid) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (request_intake.acts_an_admin() OR request_intake.acts_a_coach())
        AND EXISTS (SELECT FROM request_intake.review
            WHERE request_id = asked AND answered_at IS NULL
                AND (for_coaches OR request_intake.acts_an_admin()));
END $$;
"""

# Whoever grants must be counted with all others, whom she may not see: the owner counts.
_COUNT = """
CREATE FUNCTION request_intake.exceptions_in(a_month date) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT count(*)::integer FROM request_intake.exception_grant WHERE month = a_month
$$;
REVOKE ALL ON FUNCTION request_intake.exceptions_in(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION request_intake.exceptions_in(date) TO remit_request_intake;
ALTER FUNCTION request_intake.number_exception() SECURITY DEFINER SET search_path = pg_catalog;
REVOKE ALL ON FUNCTION request_intake.number_exception() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION request_intake.number_exception() TO remit_request_intake;
"""

_RIGHTS = """
CREATE POLICY for_coaches ON request_intake.review FOR SELECT
    USING (for_coaches AND request_intake.acts_a_coach() AND (answered_at IS NULL
        OR answered_by::text = current_setting('app.actor', true)));
DROP POLICY open_is_answered ON request_intake.review;
CREATE POLICY open_is_answered ON request_intake.review FOR UPDATE
    USING (answered_at IS NULL)
    WITH CHECK (current_setting('app.actor', true) = 'system:request_intake'
        OR answer = 'withdrawn' AND teacher_id::text = current_setting('app.actor', true)
        OR answered_by::text = current_setting('app.actor', true)
            AND (request_intake.acts_an_admin()
                OR for_coaches AND answer IN ('coaching', 'exception')
                    AND teacher_id::text <> current_setting('app.actor', true)
                    AND request_intake.acts_a_coach()));
CREATE POLICY granted_by_coach ON request_intake.exception_grant FOR INSERT
    WITH CHECK (granted_by::text = current_setting('app.actor', true)
        AND teacher_id <> granted_by AND request_intake.acts_a_coach()
        AND EXISTS (SELECT FROM request_intake.review
            WHERE review.request_id = exception_grant.request_id
                AND review.teacher_id = exception_grant.teacher_id
                AND for_coaches AND answered_at IS NULL));
"""


def upgrade() -> None:
    for part in (_COLUMN, _WHO, _COUNT, _RIGHTS):
        op.execute(part)
