"""Reviews of unclear asks and of appeals, and the exceptions that are granted in them.

What is unclear comes to its review by itself; one that its teacher takes back leaves it by itself.
"""

from alembic import op

revision = "0012"
down_revision = "0011"

_REVIEW = """
CREATE TABLE request_intake.review (
    request_id uuid NOT NULL CONSTRAINT review_request_id_fkey
        REFERENCES request_intake.request (id),
    why text NOT NULL,
    teacher_id uuid NOT NULL,
    sentence text NOT NULL DEFAULT '',
    since timestamptz NOT NULL,
    escalated_at timestamptz,
    answer text,
    answered_at timestamptz,
    answered_by uuid,
    CONSTRAINT review_pkey PRIMARY KEY (request_id, why),
    CONSTRAINT review_why_is_known CHECK (why IN ('unclear', 'appeal')),
    CONSTRAINT review_sentence_is_short CHECK (length(sentence) <= 500),
    CONSTRAINT review_answer_is_known CHECK
        (answer IN ('coaching', 'elsewhere', 'kept', 'exception', 'withdrawn')),
    CONSTRAINT review_answer_is_whole CHECK ((answer IS NULL) = (answered_at IS NULL)
        AND (answered_by IS NOT NULL) = (answer IS NOT NULL AND answer <> 'withdrawn'))
);
CREATE UNIQUE INDEX review_request_id_idx ON request_intake.review (request_id)
    WHERE answered_at IS NULL;
CREATE INDEX review_since_idx ON request_intake.review (since) WHERE answered_at IS NULL;

INSERT INTO request_intake.review (request_id, why, teacher_id, since)
SELECT id, 'unclear', teacher_id, submitted_at FROM request_intake.request
WHERE state = 'under_review';

CREATE FUNCTION request_intake.review_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO request_intake.review (request_id, why, teacher_id, since)
        VALUES (NEW.id, 'unclear', NEW.teacher_id, NEW.submitted_at);
    ELSE
        UPDATE request_intake.review SET answer = 'withdrawn', answered_at = NEW.changed_at
        WHERE request_id = NEW.id AND answered_at IS NULL;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER request_comes_to_review AFTER INSERT ON request_intake.request
    FOR EACH ROW WHEN (NEW.state = 'under_review')
    EXECUTE FUNCTION request_intake.review_follows();
CREATE TRIGGER request_leaves_review AFTER UPDATE ON request_intake.request
    FOR EACH ROW WHEN (OLD.state = 'under_review' AND NEW.state = 'cancelled')
    EXECUTE FUNCTION request_intake.review_follows();
"""

# A grant says which of the month's it is, of how many: past the budget there is no number left. The
# lock makes grants come one after the other, so that two at once do not count the same.
_EXCEPTION = """
CREATE TABLE request_intake.exception_grant (
    request_id uuid CONSTRAINT exception_grant_pkey PRIMARY KEY
        CONSTRAINT exception_grant_request_id_fkey REFERENCES request_intake.request (id),
    teacher_id uuid NOT NULL,
    granted_by uuid NOT NULL,
    granted_at timestamptz NOT NULL,
    reason text NOT NULL,
    model_version integer NOT NULL,
    topic text NOT NULL,
    coach_type text NOT NULL,
    support_mode text NOT NULL,
    month date NOT NULL,
    number integer NOT NULL,
    budget integer NOT NULL,
    CONSTRAINT exception_grant_month_number_key UNIQUE (month, number),
    CONSTRAINT exception_grant_is_within_budget CHECK (number BETWEEN 1 AND budget),
    CONSTRAINT exception_grant_has_a_reason CHECK (length(reason) BETWEEN 1 AND 500),
    CONSTRAINT exception_grant_month_is_its_first_day CHECK (extract(day FROM month) = 1)
);

CREATE FUNCTION request_intake.number_exception() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('request_intake.exception', 0));
    SELECT coalesce(max(number), 0) + 1 INTO NEW.number
        FROM request_intake.exception_grant WHERE month = NEW.month;
    RETURN NEW;
END $$;
CREATE TRIGGER exception_grant_is_counted BEFORE INSERT ON request_intake.exception_grant
    FOR EACH ROW EXECUTE FUNCTION request_intake.number_exception();
"""

# A declined request that is appealed is under review; taken back, it is cancelled.
_WHOLE = """
CREATE OR REPLACE FUNCTION request_intake.request_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF length(NEW.words) BETWEEN 1 AND 2000
        AND NEW.meeting IN ('in_person', 'online', 'either')
        AND NEW.version >= 1
        AND (CASE NEW.decision
            WHEN 'in_remit' THEN NEW.topic IS NOT NULL AND NEW.support_mode IS NOT NULL
                AND cardinality(NEW.coach_types) > 0
                AND NEW.state IN ('waiting', 'scheduled', 'completed', 'cancelled')
            WHEN 'out_of_remit' THEN NEW.topic IS NOT NULL AND NEW.redirect IS NOT NULL
                AND NEW.clause <> '' AND cardinality(NEW.coach_types) = 0
                AND NEW.state IN ('declined', 'under_review', 'cancelled')
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
"""

# The second wall: an admin sees a request while it is under review and at no other time; what was
# answered is not answered again; a teacher's only change of a review is to take her ask back.
_RIGHTS = """
CREATE FUNCTION request_intake.acts_an_admin() RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    actor text := current_setting('app.actor', true);
BEGIN
    IF actor IS NULL OR actor !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
        RETURN false;
    END IF;
    RETURN EXISTS (SELECT FROM access.role r JOIN access.actor a ON a.id = r.actor_id
        WHERE a.id = actor::uuid AND r.role = 'admin' AND a.disabled_at IS NULL);
END $$;

CREATE FUNCTION request_intake.may_review(asked uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN request_intake.acts_an_admin() AND EXISTS (SELECT FROM request_intake.review
        WHERE request_id = asked AND answered_at IS NULL);
END $$;

CREATE POLICY seen_in_review ON request_intake.request FOR SELECT
    USING (request_intake.may_review(id));
CREATE POLICY answered_in_review ON request_intake.request FOR UPDATE
    USING (request_intake.may_review(id)) WITH CHECK (request_intake.may_review(id));

ALTER TABLE request_intake.review ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_system_or_admin ON request_intake.review FOR SELECT
    USING (current_setting('app.actor', true) IN (teacher_id::text, 'system:request_intake')
        OR request_intake.acts_an_admin());
CREATE POLICY own_or_system_comes ON request_intake.review FOR INSERT
    WITH CHECK (current_setting('app.actor', true) IN (teacher_id::text, 'system:request_intake'));
CREATE POLICY open_is_answered ON request_intake.review FOR UPDATE
    USING (answered_at IS NULL)
    WITH CHECK (current_setting('app.actor', true) = 'system:request_intake'
        OR answer = 'withdrawn' AND teacher_id::text = current_setting('app.actor', true)
        OR answered_by::text = current_setting('app.actor', true)
            AND request_intake.acts_an_admin());

ALTER TABLE request_intake.exception_grant ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_system_or_admin ON request_intake.exception_grant FOR SELECT
    USING (current_setting('app.actor', true) IN (teacher_id::text, 'system:request_intake')
        OR request_intake.acts_an_admin());
CREATE POLICY granted_by_admin ON request_intake.exception_grant FOR INSERT
    WITH CHECK (granted_by::text = current_setting('app.actor', true)
        AND request_intake.acts_an_admin());

GRANT SELECT, INSERT, UPDATE ON request_intake.review TO remit_request_intake;
GRANT SELECT, INSERT ON request_intake.exception_grant TO remit_request_intake;
"""

_TIMER = """
INSERT INTO bus.timer (subscriber, name, every)
VALUES ('request_intake', 'escalate_reviews', '10 minutes');
"""


def upgrade() -> None:
    for part in (_REVIEW, _EXCEPTION, _WHOLE, _RIGHTS, _TIMER):
        op.execute(part)
