"""The notifier's JSON API, version 1, for programs with a token."""

PREFIX = "/api/notifier/v1"
