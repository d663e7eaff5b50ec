"""Who may open which of the scheduler's pages: a page without a row is closed to everybody."""

_ADMIN = frozenset({"admin"})

PAGES: dict[str, frozenset[str]] = {
    "pages.coaches": _ADMIN,
    "pages.coach": _ADMIN,
    "pages.appoint": _ADMIN,
}


def may(role: str, endpoint: str | None) -> bool:
    """Whether this role may open it."""
    return role in PAGES.get(endpoint or "", frozenset())
