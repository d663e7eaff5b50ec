"""The ceiling of intake: Flask, the body read as JSON, one durable commit; no token, no decision.

It promises nothing that Remit promises, and so nothing in Python behind this server can be quicker.
"""

import os
from typing import Any

import orjson
import psycopg
from flask import Flask, request
from psycopg_pool import ConnectionPool

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


def create() -> Flask:
    """The application."""
    app = Flask(__name__)
    pools: list[ConnectionPool] = []

    @app.post("/bare")
    def bare() -> tuple[dict[str, Any], int]:
        if not pools:
            pools.append(_pool())  # after the fork
        ask = request.get_json()
        given = [ask["words"], *(ask.get(name) for name in ("topic", "support_mode", "meeting"))]
        windows = orjson.dumps(ask.get("windows")).decode()
        with pools[0].connection() as connection:
            row = connection.execute(_INSERT, [*given, windows]).fetchone()
        assert row
        return {"id": row[0]}, 201

    return app


def _pool() -> ConnectionPool:
    return ConnectionPool(
        os.environ[DATABASE], min_size=1, max_size=8, kwargs={"autocommit": True}, open=True
    )
