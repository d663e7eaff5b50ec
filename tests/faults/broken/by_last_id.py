"""Relays by the last id it has seen: what commits later under a lower id is never seen."""

from sqlalchemy import text

from shared.messaging import claims


def commit() -> None:
    """Only what lies beyond the newest delivery that was ever taken."""
    beyond = """ AND d.event_id > coalesce((SELECT seen.event_id FROM bus.delivery seen
        WHERE seen.subscriber = :subscriber AND (seen.lease_id IS NOT NULL OR seen.state = 'done')
        ORDER BY seen.event_id DESC LIMIT 1), '00000000-0000-0000-0000-000000000000')"""
    narrowed = claims._CLAIM_FRESH.text.replace(claims._FRESH, claims._FRESH + beyond)
    assert narrowed != claims._CLAIM_FRESH.text
    claims._CLAIM_FRESH = text(narrowed)
