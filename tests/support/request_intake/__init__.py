"""Builders and fakes for tests of intake."""
