"""One MetaData for the schemas of mechanism, so that one history keeps bus and access."""

import shared.access.tables
import shared.messaging.tables
from shared.database.metadata import metadata

__all__ = ["metadata"]

_declared = (shared.access.tables, shared.messaging.tables)
