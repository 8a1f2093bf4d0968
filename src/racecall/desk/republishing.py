"""A site that is kept fresh while the night goes on: published again whenever the record says more than it did."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from racecall.desk.folder import ElectionFolder, open_folder
from racecall.desk.publishing import Published, publish, refuse_rehearsal
from racecall.desk.sitefolder import SiteFolder
from racecall.desk.workers import Apart
from racecall.errors import RacecallError
from racecall.origin import sha256_hex


@dataclass(slots=True, kw_only=True)
class Site:
    """The site of an election, and how far it has come.

    Args:
        folder: The election's folder.
        out: The site's folder.
        languages: Language codes, the root's first; all that there are if empty.
        address: Where the site will lie, "" if nobody has said.
        beside: A process that helps, None if there is none.
        shown: Hashes of the last event and of the settings at the last publication, "" before the first.
    """

    folder: Path
    out: Path
    languages: tuple[str, ...] = ()
    address: str = ""
    beside: Apart | None = None
    shown: tuple[str, str] = ("", "")

    def check(self) -> None:
        """Say what would keep every count off the site.

        Raises:
            UsageError: It is a rehearsal, or something else is in the site's folder.
            UnknownName: There is no such language.
        """
        from racecall.desk.baking import renderer

        folder = open_folder(self.folder)
        refuse_rehearsal(folder, folder.ledger())
        SiteFolder(self.out).kept(folder.election.id)
        renderer(self.languages, self.address)

    def get_ready(self) -> None:
        """Practise a publication, here and beside, so that no count waits for what has to be loaded, read and judged once."""
        from racecall.desk.baking import practise
        from racecall.desk.publishing import shares

        every = [contest.id for contest in open_folder(self.folder).election]
        here, there = shares(every) if self.beside else (every, ())
        if self.beside:
            self.beside.begin(practise, self.folder, self.languages, self.address, there)
        with suppress(RacecallError):  # what is wrong is said when it is published
            practise(self.folder, self.languages, self.address, here)

    def bring_up_to_date(self) -> Published | None:
        """Publish if the record or the settings have changed since the last time, also by another command; None if they have not.

        Raises:
            UsageError: It has become a rehearsal, or somebody else is publishing; it is tried again the next time.
            StorageError: The disk cannot be written; likewise.
        """
        folder = open_folder(self.folder)
        standing = _standing(folder)
        if standing == self.shown:
            return None
        done = publish(folder, self.out, languages=self.languages, address=self.address, beside=self.beside)
        self.shown = standing
        return done


def _standing(folder: ElectionFolder) -> tuple[str, str]:
    return folder.ledger().head, sha256_hex(folder.settings)
