"""The roles of a Remit database: one that owns, one that logs in, one for each part that acts.

The owner runs migrations and owns every table. The login is what processes connect as: it may take
a part's role and has no right of its own. A part's role may touch its own schema and the bus.
"""

from sqlalchemy import Connection, text

OWNER = "remit_owner"
LOGIN = "remit_app"
PARTS = ("remit_request_intake", "remit_scheduler", "remit_notifier", "remit_ringer")

_EXTENSIONS = ("btree_gist",)


def ensure_roles(connection: Connection) -> None:
    """Create what is missing of the roles, as an administrator of the server; harmless when repeated.

    Passwords are the caller's business: on a Unix socket with peer or trust there are none.
    """
    present = set(connection.scalars(text("SELECT rolname FROM pg_roles")))
    for role, attributes in {OWNER: "LOGIN", LOGIN: "LOGIN NOINHERIT"}.items():
        if role not in present:
            connection.exec_driver_sql(f"CREATE ROLE {role} {attributes}")
    for role in PARTS:
        if role not in present:
            connection.exec_driver_sql(f"CREATE ROLE {role} NOLOGIN")
        connection.exec_driver_sql(f"GRANT {role} TO {LOGIN}")


def ensure_extensions(connection: Connection) -> None:
    """Create the extensions that the schemas need, as an administrator of the database."""
    for extension in _EXTENSIONS:
        connection.exec_driver_sql(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    name = connection.scalar(text("SELECT current_database()"))
    connection.exec_driver_sql(f'GRANT CREATE ON DATABASE "{name}" TO {OWNER}')
