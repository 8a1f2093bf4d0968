"""What Alembic runs around the scripts: the connection is handed in, and its transaction is the caller's."""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
