"""An address that is watched for counts, as `election.toml` gives it (`docs/sources.md`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from racecall.errors import SettingsError

FLOOR_SECONDS = 15
"""No office is asked more often than this: its page is read by many on the night, and a count is made by people."""

FINGERPRINT = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An address that is watched for counts.

    Args:
        name: Short name, for the record and the command line.
        url: The address, http or https.
        feed: Format it is read as, "" for the one that fits best.
        every_seconds: How often it is asked [seconds]; at least `FLOOR_SECONDS`, 1 on this machine itself.
        timezone: Zone for times without one, "" for the election's.
        companions: Addresses of files that it cannot be read without, looked at whenever it brings something new.
        max_size_mb: Largest file that is taken [MB].
        quiet_after_minutes: Without anything new for this long, the watch says so [minutes].
        certificate_sha256: Fingerprint of the one certificate that is trusted, in place of the public authorities.
        ca_file: Certificates of the authority to trust, a PEM file beside `election.toml`, in place of the public ones.
        private_network: Whether the name may stand for an address that is not public.
    """

    name: str
    url: str
    feed: str = ""
    every_seconds: int = 60
    timezone: str = ""
    companions: tuple[str, ...] = ()
    max_size_mb: int = 64
    quiet_after_minutes: int = 180
    certificate_sha256: str = ""
    ca_file: str = ""
    private_network: bool = False

    def __post_init__(self) -> None:
        problem = next((words for wrong, words in self._faults() if wrong), "")
        if problem:
            raise SettingsError(
                problem, where=f"source {self.name}", next_step="Correct it in election.toml; docs/sources.md has the keys."
            )

    def _faults(self) -> tuple[tuple[bool, str], ...]:
        wrong = next((address for address in (self.url, *self.companions) if not is_address(address)), None)
        floor = 1 if is_this_machine(self.url) else FLOOR_SECONDS
        return (
            (
                wrong is not None,
                f"{wrong!r} is no address that can be watched; expected http:// or https://, a host, and no name or password.",
            ),
            (
                self.every_seconds < floor,
                f"every_seconds is {self.every_seconds}; no source is asked more often than every {floor} seconds.",
            ),
            (self.max_size_mb < 1 or self.quiet_after_minutes < 1, "max_size_mb and quiet_after_minutes start at 1."),
            (not _is_zone(self.timezone), f"no time zone {self.timezone!r}."),
            (
                bool(self.certificate_sha256) and not FINGERPRINT.fullmatch(self.fingerprint),
                "certificate_sha256 is not 64 hexadecimal digits.",
            ),
        )

    @property
    def fingerprint(self) -> str:
        """The fingerprint as 64 lower-case digits, however it was typed; "" if there is none."""
        return self.certificate_sha256.replace(":", "").lower()

    @property
    def every(self) -> timedelta:
        """How often it is asked."""
        return timedelta(seconds=self.every_seconds)


def _is_zone(name: str) -> bool:
    try:
        return not name or bool(ZoneInfo(name).key)
    except (ZoneInfoNotFoundError, ValueError):
        return False


def is_address(url: str) -> bool:
    """Whether a text is an address that can be watched; one with a password in it would put the password into the record."""
    if not url.isascii() or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc and (parts.port or 1) > 0
    except ValueError:
        return False


def literal(host: str) -> IPv4Address | IPv6Address | None:
    """Return a host as an IP address if it is written as one."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def is_this_machine(url: str) -> bool:
    """Whether an address is on this machine by its name: a rehearsal, or a test."""
    host = urlsplit(url).hostname or "" if is_address(url) else ""
    number = literal(host)
    return host == "localhost" or (number is not None and number.is_loopback)


def check_sources(sources: tuple[Source, ...], contact: str) -> None:
    """Check what only shows when all sources are seen together.

    Raises:
        SettingsError: Two have one name, or an office would be asked by somebody whom it cannot reach.
    """
    names = [source.name for source in sources]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise SettingsError(f"source {twice[0]!r} is listed twice.", where="election.toml", next_step="Give each source its own name.")
    if not contact.isascii() or not contact.isprintable():
        raise SettingsError("contact has letters that a web server cannot be sent.", where="[election]", next_step="Write it in ASCII.")
    away = [source.name for source in sources if not is_this_machine(source.url)]
    if away and not contact:
        raise SettingsError(
            f"there is a source ({away[0]}) and no contact: an office must be able to reach whoever asks its server again and again.",
            where="[election]",
            next_step='Say it under [election], e.g. contact = "desk@example.org".',
        )
