"""The ceiling of intake: Flask, the body read as JSON, one durable commit; no token, no decision.

It promises nothing that Remit promises, and so nothing in Python behind this server can be quicker.
"""

import os
import threading
from typing import Any

import orjson
import psycopg
from flask import Flask, request

DATABASE = "BENCH_DATABASE_URL"
_TABLE = """
CREATE SCHEMA IF NOT EXISTS bench;
DROP TABLE IF EXISTS bench.bare;
CREATE TABLE bench.bare (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    words text NOT NULL, topic text, support_mode text, meeting text, windows jsonb,
    created_at timestamptz NOT NULL DEFAULT now()
)
"""
_INSERT = """
INSERT INTO bench.bare (words, topic, support_mode, meeting, windows)
VALUES (%s, %s, %s, %s, %s) RETURNING id
"""


def make_table(owner_url: str) -> None:
    """An empty table."""
    with psycopg.connect(owner_url) as connection:
        connection.execute(_TABLE)


class _Connections(threading.local):
    """One held connection for each thread: cheaper than any pool."""

    def __init__(self) -> None:
        self.own = psycopg.connect(os.environ[DATABASE], autocommit=True)


def create() -> Flask:
    """The application."""
    app = Flask(__name__)
    connections: list[_Connections] = []

    @app.post("/bare")
    def bare() -> tuple[dict[str, Any], int]:
        if not connections:
            connections.append(_Connections())  # after the fork
        ask = request.get_json()
        given = [ask["words"], *(ask.get(name) for name in ("topic", "support_mode", "meeting"))]
        windows = orjson.dumps(ask.get("windows")).decode()
        row = connections[0].own.execute(_INSERT, [*given, windows]).fetchone()
        assert row
        return {"id": row[0]}, 201

    return app
