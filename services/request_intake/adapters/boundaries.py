"""What each published version allows, worked out anew from its document."""

from sqlalchemy import Connection, select

from services.request_intake.adapters.tables import model_version
from services.request_intake.domain.model_document import read
from shared.events.vocabulary import Combination


def combinations(connection: Connection) -> dict[int, set[Combination]]:
    """All that may be booked under each published version."""
    query = select(model_version.c.version, model_version.c.document)
    return {
        row.version: set(read(row.document).combinations()) for row in connection.execute(query)
    }
