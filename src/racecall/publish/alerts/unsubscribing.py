"""Links by which a reader leaves a list: signed, so that nobody leaves for another, and without the address in them."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from urllib.parse import urlencode, urlsplit

from racecall.errors import UsageError


def reader_key(channel: str, address: str, *, secret: bytes) -> str:
    """Return 32 hexadecimal digits that stand for a reader of a channel; who has not the secret cannot tell whom they stand for."""
    return _mac(secret, "reader", channel, address.strip().casefold())[:32]


def make_token(channel: str, reader: str, *, secret: bytes) -> str:
    """Return the token by which a reader leaves a channel.

    Args:
        channel: The channel's name.
        reader: `reader_key` of the address.
        secret: The desk's secret for such links.
    """
    return urlsafe_b64encode(f"{_mac(secret, 'leave', channel, reader)}{reader}{channel}".encode()).decode().rstrip("=")


def read_token(token: str, *, secret: bytes) -> tuple[str, str]:
    """Return the channel and the reader of a token.

    Raises:
        UsageError: It was not made with this secret, or was changed.
    """
    try:
        opened = urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
    except ValueError:  # binascii.Error and UnicodeDecodeError are both
        opened = ""
    signed, reader, channel = opened[:64], opened[64:96], opened[96:]
    if not hmac.compare_digest(signed.encode(), _mac(secret, "leave", channel, reader).encode()):
        raise UsageError(
            "this is no token of ours, or it was cut or changed on the way.",
            where="unsubscribe",
            next_step="Take the whole link as it stands in the message.",
        )
    return channel, reader


def unsubscribe_link(address: str, token: str) -> str:
    """Return the link for a message: the address that the desk answers at, with the token."""
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode({'token': token})}"


def _mac(secret: bytes, *parts: str) -> str:
    return hmac.new(secret, "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()
