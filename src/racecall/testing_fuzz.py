"""Damaged documents, for the public test kit: what a cut cable, a hurried export or a hostile hand makes of a file.

A damage knows the parts that all our formats have (words, numbers, texts in quotation marks, signs), so that most of what it makes is still
nearly a document: a byte changed at random seldom comes past the first check. `make fuzz` and Hypothesis use the same damages.
"""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

TOKEN = re.compile(rb'"[^"\\\n]*"|[0-9]+|[A-Za-z_]+|[ \t]+|.', re.DOTALL)
"""A text in quotation marks, a number, a word, white space, or one byte."""

NUMBERS = (
    *(b"0 -1 1.5 -0 1e309 1e-400 NaN Infinity null 01 +1 1,234 1.234,5 10000000001 2147483648 9223372036854775808".split()),
    *(b"18446744073709551616 (12) **** 1e5 0x10".split()),
    *(b"", b"9" * 400, b"9" * 5000, "\u0661\u0662\u0663".encode(), "\uff11\uff12".encode(), b"1\xc2\xa0234"),
)
"""What may stand in place of a number: none of them is a plain count but the first and the last."""

NAMES = (
    *(b"", b" ", b"all", b"Total", b"=1+1", b"\0", b"\x1b[2J", b"\xff", b"../../etc/passwd", b"<b>", b"&x;", b"%s{0}", b"a" * 70_000),
    *(
        "\u202eana".encode(),
        "Jose\u0301".encode(),
        "\ufeff".encode(),
        "\U0010ffff".encode(),
        "\u0130\u0131".encode(),
        "\u00df".encode() * 99,
    ),
    "\ud800".encode("utf-8", "surrogatepass"),
)
"""What may stand in place of a name: blank, taken, a formula, written from right to left, no character at all, far too long."""

OPENINGS = (b"[", b"{", b'{"a":', b'[{"races":', b"<a>", b"<Contest>", b"[[", b"(", b'"', b"a.", b"<!--", b"&lt;", b"<c ", b"<f>")
"""What may be nested, one in the other."""

TOP = (b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\n", b" " * 70_000, b"<!DOCTYPE a>", b'<?xml version="1.0" encoding="utf-16"?>')
"""What may stand before a document."""

Tokens = list[bytes]


def _place(tokens: Sequence[bytes], random: Random) -> tuple[int, int]:
    """Choose a stretch: mostly one part, at times a twentieth of the document."""
    start = random.randrange(len(tokens))
    return start, start + 1 + random.randrange(random.choice((1, 8, 1 + len(tokens) // 20)))


def _drop(tokens: Tokens, random: Random) -> Tokens:
    start, end = _place(tokens, random)
    return tokens[:start] + tokens[end:]


def _again(tokens: Tokens, random: Random) -> Tokens:
    """Say a stretch again: at once, or elsewhere; a key that stands twice, an option listed three times."""
    start, end = _place(tokens, random)
    at = random.choice((end, random.randrange(len(tokens))))
    return tokens[:at] + tokens[start:end] * random.choice((1, 1, 2, 50)) + tokens[at:]


def _swap(tokens: Tokens, random: Random) -> Tokens:
    """Put two parts of one kind in each other's place."""
    start = random.randrange(len(tokens))
    alike = [place for place, token in enumerate(tokens) if token[:1].isdigit() == tokens[start][:1].isdigit()]
    other = random.choice(alike)
    swapped = list(tokens)
    swapped[start], swapped[other] = tokens[other], tokens[start]
    return swapped


def _number(tokens: Tokens, random: Random) -> Tokens:
    return _replace(tokens, random, NUMBERS, bytes.isdigit)


def _name(tokens: Tokens, random: Random) -> Tokens:
    return _replace(tokens, random, NAMES, lambda token: token[:1] == b'"' or token.isalpha())


def _replace(tokens: Tokens, random: Random, values: Sequence[bytes], fits: Callable[[bytes], bool]) -> Tokens:
    """Put a value in place of a part; in quotation marks if the part has them."""
    places = [place for place, token in enumerate(tokens) if fits(token)]
    if not places:
        return tokens
    place, value = random.choice(places), random.choice(values)
    quoted = tokens[place][:1] == b'"'
    return [*tokens[:place], b'"' + value + b'"' if quoted else value, *tokens[place + 1 :]]


def _cut(tokens: Tokens, random: Random) -> Tokens:
    start, end = _place(tokens, random)
    return random.choice((tokens[:start], tokens[end:]))


def _nest(tokens: Tokens, random: Random) -> Tokens:
    start, _ = _place(tokens, random)
    opening = random.choice(OPENINGS) * random.choice((1, 30, 300, 3000))
    return [*tokens[:start], opening, *tokens[start:]]


def _bytes(tokens: Tokens, random: Random) -> Tokens:
    start, _ = _place(tokens, random)
    return [*tokens[:start], random.randbytes(random.choice((1, 2, 4))), *tokens[start + 1 :]]


def _top(tokens: Tokens, random: Random) -> Tokens:
    return [random.choice(TOP), *tokens]


def _recode(tokens: Tokens, random: Random) -> Tokens:
    text = b"".join(tokens).decode("utf-8", "replace")
    return [text.encode(random.choice(("utf-16", "utf-16-le", "latin-1", "cp1252", "utf-8-sig", "utf-32")), "replace")]


def _line_ends(tokens: Tokens, random: Random) -> Tokens:
    return [b"".join(tokens).replace(b"\n", random.choice((b"\r", b"\r\n", b"\n\n", b" ", b"\n ", b"\0")))]


DAMAGES: tuple[Callable[[Tokens, Random], Tokens], ...] = (
    *(_drop, _again, _swap, _number, _number, _name, _name),
    *(_cut, _nest, _bytes, _top, _recode, _line_ends),
)
"""Every damage; those of numbers and names twice, since most mistakes are in them."""

ZIP = b"PK\x03\x04"


def damaged(data: bytes, random: Random) -> bytes:
    """Return a document damaged in one to four ways; of a workbook or another archive, one of its parts.

    Args:
        data: The document.
        random: Where chance comes from.
    """
    if data.startswith(ZIP) and random.random() < 0.9 and (parts := _parts(data)):
        chosen = random.choice(sorted(parts))
        return zipped(parts | {chosen: damaged(parts[chosen], random)})
    for damage in random.choices(DAMAGES, k=random.choice((1, 1, 2, 4))):
        if tokens := TOKEN.findall(data):
            data = b"".join(damage(tokens, random))
    return data


def _parts(data: bytes) -> dict[str, bytes]:
    """Unpack an archive, nothing if it is damaged already."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {member.filename: archive.read(member) for member in archive.infolist() if member.file_size < 1 << 20}
    except Exception:  # noqa: BLE001 - zipfile has no tree of its own errors
        return {}


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """Return a zip archive of these parts: the same bytes every time."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name, part in parts.items():
            target.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def wrapped(data: bytes, random: Random) -> bytes:
    """Return a document as it may arrive: mostly plain; packed, packed twice, packed and cut."""
    if random.random() < 2 / 3:
        return data
    packed = gzip.compress(data, mtime=0) if random.random() < 1 / 2 else zipped({"../results": data})
    return random.choice((packed, packed[:-9], gzip.compress(packed, mtime=0)))


def damaged_documents(documents: Sequence[bytes]) -> SearchStrategy[bytes]:
    """Documents made of these, damaged and perhaps packed: a strategy for Hypothesis."""
    from hypothesis import strategies as st

    @st.composite
    def made(draw: Any) -> bytes:
        random = draw(st.randoms(use_true_random=True))
        return wrapped(damaged(draw(st.sampled_from(documents)), random), random)

    return made()
