"""The use cases of what is still open from an earlier version of the model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.request_intake.adapters import open_requests
from services.request_intake.bootstrap.units import Units
from services.request_intake.handlers.rejudging import Elsewhere, judge_anew
from services.request_intake.ports import PublishedModel
from shared.database.transaction import transaction

_SYSTEM = "system:request_intake"
# Some are read anew at a few milliseconds each, while an admin waits.
MOST_JUDGED = 500


@dataclass(frozen=True, kw_only=True)
class Judged:
    """`elsewhere` of the `judged` requests would be decided otherwise; `open` are all."""

    version: int
    open: int
    judged: int
    elsewhere: Sequence[Elsewhere]


@dataclass(frozen=True, kw_only=True)
class Rejudging:
    """Nothing here changes anything."""

    units: Units
    model: Callable[[], PublishedModel]

    def count(self) -> int:
        """How many open requests an earlier version decided."""
        version = self.model().version
        with transaction(self.units.engine, _SYSTEM) as connection:
            return open_requests.count(connection, version)

    def judged(self) -> Judged:
        """Those of them that the model in force would send elsewhere; of many, the oldest."""
        published = self.model()
        with transaction(self.units.engine, _SYSTEM) as connection:
            whole = open_requests.count(connection, published.version)
            requests = open_requests.oldest(connection, published.version, MOST_JUDGED)
        return Judged(
            version=published.version,
            open=whole,
            judged=len(requests),
            elsewhere=judge_anew(published, requests),
        )
