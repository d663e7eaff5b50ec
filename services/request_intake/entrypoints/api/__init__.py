"""Intake's JSON API, version 1: the same use cases as the pages, for programs with a token."""

PREFIX = "/api/intake/v1"
