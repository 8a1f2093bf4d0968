"""One tree of errors, split by whose fault it is.

    RacecallError                 anything racecall raises on purpose
    ├── UsageError                what we were asked cannot be done               exit code 2
    │   ├── NotAnElection         the folder is not an election folder
    │   ├── SettingsError         election.toml, a mapping or a row makes no sense
    │   └── UnknownName           no rule, contest, option, feed or finding of that name
    ├── SourceError               what a source published cannot be read         exit code 3
    │   ├── UnknownFormat         no feed recognises the file
    │   ├── AmbiguousFormat       two feeds recognise it equally well
    │   └── BrokenFile            empty, truncated, wrongly encoded, too large
    ├── LedgerError               the record is not what was written             exit code 3
    └── StorageError              the machine cannot keep it: disk full, locked  exit code 3

Findings are not errors: a suspicious count is recorded and held, never refused (see `racecall.model.finding`).
Ties, abstention and "not enough data" are values, not errors.
"""

from __future__ import annotations


class RacecallError(Exception):
    """Something went wrong that the reader can act on.

    Args:
        problem: What was found, and what was expected, in one or two sentences.
        where: File, row, column, contest: the narrowest place that is known.
        next_step: What the reader can do now; a command where there is one.
    """

    exit_code = 2

    def __init__(self, problem: str, *, where: str = "", next_step: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.where = where
        self.next_step = next_step

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        hint = f"\n{self.next_step}" if self.next_step else ""
        return f"{place}{self.problem}{hint}"


class UsageError(RacecallError):
    """What we were asked cannot be done."""


class NotAnElection(UsageError):
    """The folder is not an election folder."""


class SettingsError(UsageError):
    """`election.toml`, a column mapping, or a row of the record of coverage does not make sense."""


class UnknownName(UsageError):
    """No rule, contest, option, feed or finding of that name."""


class SourceError(RacecallError):
    """What a source published cannot be read."""

    exit_code = 3


class UnknownFormat(SourceError):
    """No feed recognises the file."""


class AmbiguousFormat(SourceError):
    """Two feeds recognise the file equally well."""


class BrokenFile(SourceError):
    """The file is empty, truncated, wrongly encoded or too large."""


class LedgerError(RacecallError):
    """The record on disk is not what was written."""

    exit_code = 3


class StorageError(RacecallError):
    """The machine cannot keep the record: disk full, locked, no permission."""

    exit_code = 3
