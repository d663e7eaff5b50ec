"""Claims without a lease: what a killed worker held is held for ever."""

from sqlalchemy import text

from shared.messaging import claims


def commit() -> None:
    """Nothing in hand ever runs out."""
    for name in ("_CLAIM_FRESH", "_CLAIM_INTERRUPTED", "_CLAIM_ALONE", "_RENEW"):
        lasting = getattr(claims, name).text.replace("interval '20 s'", "interval '100 years'")
        assert lasting != getattr(claims, name).text
        setattr(claims, name, text(lasting))
