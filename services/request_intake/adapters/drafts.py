"""The draft of the next coaching model in PostgreSQL: one row, compared and swapped by its revision."""

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from services.request_intake.adapters.tables import model_draft
from services.request_intake.domain.model_draft import ModelDraft
from shared.access import audit

_SUBJECT = "draft"


class SqlDrafts:
    """The division's one draft. Every change leaves an entry in the audit."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def current(self) -> ModelDraft | None:
        query = select(*(column for column in model_draft.c if column.name != "only"))
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else ModelDraft(**row)

    def begin(self, draft: ModelDraft) -> bool:
        statement = (
            upsert(model_draft)
            .values(only=True, **vars(draft))
            .on_conflict_do_nothing()
            .returning(model_draft.c.revision)
        )
        if self._connection.scalar(statement) is None:
            return False
        audit.record(self._connection, "model.draft_begun", _SUBJECT, based_on=draft.based_on)
        return True

    def save(self, draft: ModelDraft, expected_revision: int) -> bool:
        statement = (
            update(model_draft)
            .where(model_draft.c.revision == expected_revision)
            .values(**vars(draft))
        )
        if self._connection.execute(statement).rowcount != 1:
            return False
        audit.record(self._connection, "model.draft_changed", _SUBJECT, revision=draft.revision)
        return True

    def discard(self, expected_revision: int) -> bool:
        statement = delete(model_draft).where(model_draft.c.revision == expected_revision)
        if self._connection.execute(statement).rowcount != 1:
            return False
        audit.record(self._connection, "model.draft_ended", _SUBJECT, revision=expected_revision)
        return True
