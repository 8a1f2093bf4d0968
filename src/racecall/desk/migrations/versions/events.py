"""Revision 1: the events, the rules that keep them, and in PostgreSQL the files as well."""

from __future__ import annotations

import sqlalchemy as sql
from alembic import op

revision = "1"
down_revision = None

TEXTS = ("kind", "at", "recorded_at", "contest", "actor", "body", "previous")

SQLITE = (
    "CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
    "CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
)
POSTGRESQL = (
    """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE 'the ledger is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    """CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER files_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON files
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
)


def upgrade() -> None:
    """Make the tables and the triggers that refuse to change or remove a row."""
    op.create_table(
        "events",
        sql.Column("seq", sql.Integer, primary_key=True, autoincrement=False),
        *(sql.Column(name, sql.Text, nullable=False) for name in TEXTS),
        sql.Column("hash", sql.Text, nullable=False, unique=True),
    )
    shared = op.get_context().dialect.name == "postgresql"
    if shared:
        _create_files()
    for statement in POSTGRESQL if shared else SQLITE:
        op.execute(statement)


def _create_files() -> None:
    """Desks on two machines share no folder: the files lie beside the events, named as in a folder."""
    op.create_table(
        "files",
        sql.Column("folder", sql.Text, primary_key=True),
        sql.Column("sha256", sql.Text, primary_key=True),
        sql.Column("bytes", sql.LargeBinary, nullable=False),
    )
