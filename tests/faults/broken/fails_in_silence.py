"""Fails a notice without a word: its teacher is never told on her page that no mail came."""

from services.notifier.adapters import post_office


def commit() -> None:
    """The failure is kept, and nobody hears of it."""
    post_office.append = lambda *_: None
