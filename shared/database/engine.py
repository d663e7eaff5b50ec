"""Engines on PostgreSQL, with the settings of our reliability rules.

Each service logs in with the one URL and takes its own role at connection start, so that it can
touch only its schema, `bus` and what it may read of `access`. An engine is made after a fork, never
at import.
"""

from typing import Any

import orjson
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url

_STATEMENT_TIMEOUT_MS = {"web": 5_000, "worker": 20_000}


def _dumps(value: Any) -> str:
    return orjson.dumps(value).decode()


def driver_url(url: str) -> str:
    """The URL with psycopg 3 as its driver, whichever way PostgreSQL was spelled."""
    parsed = make_url(url)
    return parsed.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def make_engine(url: str, *, role: str, kind: str = "worker", pool_size: int = 4) -> Engine:
    """An engine whose connections act as `role`. `kind` is web or worker, and sets the timeouts."""
    engine = create_engine(
        driver_url(url),
        pool_pre_ping=True,
        connect_args=_connect_args(role, kind),
        **_pool(pool_size),
    )
    event.listen(engine, "reset", _forget_actor)
    return engine


def make_statement_engine(url: str, *, role: str, kind: str = "web", pool_size: int = 4) -> Engine:
    """An engine for single statements, each a transaction of its own: a hot path's.

    It neither tries a connection before use nor rolls it back after, which would cost as much as
    the statements: whoever uses it repeats a statement whose connection turned out dead. Its plans are
    made once for each connection: what is looked up by keys has one good plan, and planning it anew
    costs three times as much as running it.
    """
    return create_engine(
        driver_url(url),
        isolation_level="AUTOCOMMIT",
        pool_reset_on_return=None,
        connect_args=_connect_args(role, kind, plan_cache_mode="force_generic_plan"),
        **_pool(pool_size),
    )


def _pool(size: int) -> dict[str, Any]:
    return {
        "pool_size": size,
        "max_overflow": 2,
        "pool_timeout": 5,
        "pool_recycle": 1_800,
        "pool_use_lifo": True,
        "json_serializer": _dumps,
        "json_deserializer": orjson.loads,
    }


def _connect_args(role: str, kind: str, **more: str) -> dict[str, Any]:
    options = " ".join(
        f"-c {name}={value}"
        for name, value in {
            "role": role,
            "statement_timeout": _STATEMENT_TIMEOUT_MS[kind],
            "lock_timeout": 2_000,
            "idle_in_transaction_session_timeout": 10_000,
            "default_transaction_isolation": r"read\ committed",
            **more,
        }.items()
    )
    return {
        "options": options,
        "connect_timeout": 3,
        "application_name": role,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
    }


def _forget_actor(connection: Any, _record: Any, _state: Any) -> None:
    """Leave no session-level trace of who used a connection (the actor itself is transaction-local)."""
    connection.rollback()
