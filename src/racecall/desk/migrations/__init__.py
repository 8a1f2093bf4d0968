"""The ledger's tables as Alembic's scripts, one a revision: how a new ledger is made, and how one made by an older racecall is made new.

A script changes tables and rules and never an event: the caller holds the ledger's lock, reads the chain before and after, and undoes
everything if an event is not what it was. Revisions are whole numbers; `racecall.desk.revisions.NEWEST` is the last one.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from racecall.desk.revisions import FIRST

if TYPE_CHECKING:
    from sqlalchemy import Connection


FOLDER = Path(__file__).parent


def migrate(connection: Connection, *, says_revision: bool) -> None:
    """Run the scripts that were not run yet, in the transaction that is open.

    Args:
        connection: To the ledger, locked.
        says_revision: Whether the ledger says of which revision it is; one with events that does not is of the first.
    """
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import inspect

    settings = Config(attributes={"connection": connection})
    settings.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    settings.set_main_option("path_separator", "os")
    if not says_revision and inspect(connection).has_table("events"):
        command.stamp(settings, FIRST)
    command.upgrade(settings, "head")
