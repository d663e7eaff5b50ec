"""The scheduler's JSON API, version 1, for programs with a token."""

PREFIX = "/api/scheduler/v1"
