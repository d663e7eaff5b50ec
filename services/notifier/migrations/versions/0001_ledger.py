"""The ledger of notices, what was heard of each request, and the hold on all mail."""

from alembic import op

revision = "0001"
down_revision = None

_TABLES = """
CREATE TABLE notifier.heard (
    request_id uuid NOT NULL,
    source text NOT NULL,
    version integer NOT NULL,
    CONSTRAINT heard_pkey PRIMARY KEY (request_id, source)
);

CREATE TABLE notifier.notice (
    id uuid CONSTRAINT notice_pkey PRIMARY KEY,
    request_id uuid NOT NULL,
    session_id uuid,
    teacher_id uuid NOT NULL,
    recipient_id uuid NOT NULL,
    part text NOT NULL,
    address text NOT NULL,
    kind text NOT NULL,
    version integer NOT NULL,
    message_id text NOT NULL,
    dated_at timestamptz NOT NULL,
    mime bytea,
    state text NOT NULL DEFAULT 'queued',
    attempts smallint NOT NULL DEFAULT 0,
    doubts smallint NOT NULL DEFAULT 0,
    overtaken boolean NOT NULL DEFAULT false,
    may_be_out boolean NOT NULL DEFAULT false,
    queued_at timestamptz NOT NULL DEFAULT now(),
    next_at timestamptz DEFAULT now(),
    lease_id uuid,
    lease_until timestamptz,
    sent_at timestamptz,
    settled_at timestamptz,
    smtp_code smallint,
    smtp_reply text,
    failure text,
    CONSTRAINT notice_request_id_version_recipient_id_kind_key
        UNIQUE (request_id, version, recipient_id, kind),
    CONSTRAINT notice_part_is_known CHECK (part IN ('teacher', 'coach')),
    CONSTRAINT notice_kind_is_known CHECK (kind IN
        ('invitation', 'update', 'cancellation', 'waiting', 'decline', 'review')),
    CONSTRAINT notice_state_is_whole CHECK (CASE state
        WHEN 'queued' THEN next_at IS NOT NULL AND mime IS NOT NULL
        WHEN 'retry' THEN next_at IS NOT NULL AND mime IS NOT NULL
        WHEN 'sending' THEN lease_id IS NOT NULL AND lease_until IS NOT NULL AND mime IS NOT NULL
        WHEN 'unknown' THEN doubts > 0
        WHEN 'sent' THEN sent_at IS NOT NULL AND may_be_out
        WHEN 'failed' THEN failure IS NOT NULL
        WHEN 'superseded' THEN overtaken
        ELSE false END),
    CONSTRAINT notice_rests_when_settled CHECK
        (state IN ('queued', 'retry', 'sending', 'unknown') OR (next_at IS NULL AND settled_at IS NOT NULL)),
    CONSTRAINT notice_goes_out_twice_at_most CHECK (doubts <= 2),
    CONSTRAINT notice_reply_holds_no_address CHECK (length(smtp_reply) <= 120 AND position('@' in smtp_reply) = 0)
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05);
-- A letter's bytes are mostly base64: trying to compress them costs more than it saves.
ALTER TABLE notifier.notice ALTER COLUMN mime SET STORAGE EXTERNAL;
-- No index looks at the state, so that marking a letter as being sent touches none of them.
CREATE INDEX notice_due_idx ON notifier.notice (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX notice_leased_idx ON notifier.notice (lease_until) WHERE lease_until IS NOT NULL;

CREATE TABLE notifier.hold (
    "only" boolean NOT NULL DEFAULT true CONSTRAINT hold_pkey PRIMARY KEY,
    reason text NOT NULL,
    smtp_code integer,
    failures integer NOT NULL,
    since timestamptz NOT NULL DEFAULT now(),
    ask_again_at timestamptz NOT NULL,
    CONSTRAINT hold_is_one CHECK ("only"),
    CONSTRAINT hold_reason_is_known CHECK (reason IN ('server_away', 'misconfigured'))
);
"""

# Every copy of a notice is the same mail: it may be forgotten after its time, never rewritten.
_BYTES_STAY = """
CREATE FUNCTION notifier.refuse_other_bytes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.message_id <> OLD.message_id OR NEW.dated_at <> OLD.dated_at
            OR NEW.mime IS DISTINCT FROM OLD.mime AND NEW.mime IS NOT NULL THEN
        RAISE EXCEPTION 'a notice is sent again as the same bytes, or not at all'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER notice_bytes_stay BEFORE UPDATE OF message_id, dated_at, mime ON notifier.notice
    FOR EACH ROW EXECUTE FUNCTION notifier.refuse_other_bytes();
"""

# The second wall behind the application's own filters.
_OWN_NOTICES_ONLY = """
ALTER TABLE notifier.notice ENABLE ROW LEVEL SECURITY;

CREATE POLICY system_own_or_admin ON notifier.notice
    USING (CASE
        WHEN current_setting('app.actor', true) = 'system:notifier' THEN true
        WHEN current_setting('app.actor', true) IN (recipient_id::text, teacher_id::text) THEN true
        ELSE EXISTS (SELECT FROM access.role r JOIN access.actor a ON a.id = r.actor_id
            WHERE a.id::text = current_setting('app.actor', true) AND r.role = 'admin'
                AND a.disabled_at IS NULL)
        END)
    WITH CHECK (CASE
        WHEN current_setting('app.actor', true) = 'system:notifier' THEN true
        ELSE EXISTS (SELECT FROM access.role r JOIN access.actor a ON a.id = r.actor_id
            WHERE a.id::text = current_setting('app.actor', true) AND r.role = 'admin'
                AND a.disabled_at IS NULL)
        END);
"""

# While any sender holds a live lease somebody is at work, however long the queue: what is due is
# then due since now, so that the ringer does not take a long queue for deaf workers.
_DUE_WORK = """
CREATE VIEW notifier.due_work (due_at) AS
    (SELECT CASE WHEN EXISTS (SELECT FROM notifier.notice w WHERE w.lease_until > now())
                 THEN now() ELSE n.next_at END
     FROM notifier.notice n
     WHERE n.next_at IS NOT NULL AND n.state IN ('queued', 'retry', 'unknown')
         AND (n.lease_until IS NULL OR n.lease_until < now())
         AND NOT EXISTS (SELECT FROM notifier.hold)
     ORDER BY n.next_at LIMIT 1)
    UNION ALL
    (SELECT min(lease_until) FROM notifier.notice
     WHERE lease_until IS NOT NULL AND state = 'sending' HAVING count(*) > 0)
    UNION ALL
    (SELECT ask_again_at FROM notifier.hold);
"""

_RIGHTS = """
GRANT USAGE ON SCHEMA notifier TO remit_notifier, remit_ringer;
GRANT SELECT, INSERT, UPDATE ON notifier.heard, notifier.notice TO remit_notifier;
GRANT SELECT, INSERT, UPDATE, DELETE ON notifier.hold TO remit_notifier;
GRANT SELECT ON notifier.due_work TO remit_ringer, remit_notifier;
"""

_TIMERS = """
INSERT INTO bus.timer (subscriber, name, every) VALUES ('notifier', 'forget_letters', '1 day');
"""


def upgrade() -> None:
    op.execute(_TABLES)
    op.execute(_BYTES_STAY)
    op.execute(_OWN_NOTICES_ONLY)
    op.execute(_DUE_WORK)
    op.execute(_RIGHTS)
    op.execute(_TIMERS)
