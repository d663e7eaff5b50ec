"""All that a row of `request` must be is judged by the one compiled function; no CHECK is left.

Each refusal names its rule as a CHECK would: check_violation, with the rule as the constraint.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

_WHOLE = """
CREATE FUNCTION request_intake.refuse_request(rule text, message text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = message, ERRCODE = 'check_violation',
        SCHEMA = 'request_intake', TABLE = 'request', CONSTRAINT = rule;
END $$;

CREATE FUNCTION request_intake.request_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF length(NEW.words) BETWEEN 1 AND 2000
        AND NEW.meeting IN ('in_person', 'online', 'either')
        AND NEW.version >= 1
        AND (CASE NEW.decision
            WHEN 'in_remit' THEN NEW.topic IS NOT NULL AND NEW.support_mode IS NOT NULL
                AND cardinality(NEW.coach_types) > 0
                AND NEW.state IN ('waiting', 'scheduled', 'completed', 'cancelled')
            WHEN 'out_of_remit' THEN NEW.topic IS NOT NULL AND NEW.redirect IS NOT NULL
                AND NEW.clause <> '' AND cardinality(NEW.coach_types) = 0 AND NEW.state = 'declined'
            WHEN 'unclear' THEN NEW.topic IS NULL AND cardinality(NEW.coach_types) = 0
                AND NEW.redirect IS NULL AND NEW.state IN ('under_review', 'cancelled')
            END)
    THEN
        RETURN NEW;
    END IF;
    IF length(NEW.words) NOT BETWEEN 1 AND 2000 THEN
        PERFORM request_intake.refuse_request('request_has_words',
            'a request has 1 to 2,000 characters of words');
    ELSIF NEW.meeting NOT IN ('in_person', 'online', 'either') THEN
        PERFORM request_intake.refuse_request('request_meeting_is_known',
            'a request''s meeting is in_person, online or either');
    ELSIF NEW.version < 1 THEN
        PERFORM request_intake.refuse_request('request_version_counts_from_one',
            'a request''s version counts from one');
    END IF;
    PERFORM request_intake.refuse_request('request_decision_is_whole',
        'a request''s decision, topic, coach types and state do not fit together');
END $$;

CREATE TRIGGER request_is_whole BEFORE INSERT OR UPDATE ON request_intake.request
    FOR EACH ROW EXECUTE FUNCTION request_intake.request_is_whole();
DROP TRIGGER request_decision_is_whole ON request_intake.request;
DROP FUNCTION request_intake.decision_is_whole();

ALTER TABLE request_intake.request
    DROP CONSTRAINT request_has_words,
    DROP CONSTRAINT request_meeting_is_known,
    DROP CONSTRAINT request_version_counts_from_one;
"""


def upgrade() -> None:
    op.execute(_WHOLE)
