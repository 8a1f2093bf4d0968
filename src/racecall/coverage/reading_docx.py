"""A Word document as a story: its paragraphs and their styles, straight from the XML inside (ISO/IEC 29500-1).

Two parts of the archive are needed, so no library is taken for it. What was deleted with changes tracked is left out, what was inserted
is read. When the file was made or saved is not when the story was published, and is not asked.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from racecall.coverage.document import Block, Document, Role
from racecall.coverage.reading import is_headline, role_of
from racecall.errors import BrokenFile, UnknownFormat
from racecall.feeds.text import DAMAGED_ARCHIVE, MEBIBYTE, unpack_member
from racecall.feeds.xml import SAFE, local

if TYPE_CHECKING:
    from lxml import etree

TEXT, STYLES = "word/document.xml", "word/styles.xml"
LARGEST_PART = 32 * MEBIBYTE
"""XML of a document when it is unpacked; 1,000 words take 50 kB [bytes]."""
MAIN = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ROLES: Mapping[str, Role] = {"title": Role.HEADLINE, "heading 1": Role.HEADLINE, "caption": Role.CAPTION}
"""By the name of a style, which is the English one in every language of Word; its id is not."""
NOT_READ = frozenset({"p", "del", "moveFrom", "Fallback", "txbxContent", "pPr", "rPr", "instrText"})
"""What lies inside a paragraph and is not part of its text; a text box has paragraphs of its own."""
SPACES: Mapping[str, str] = {"tab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-"}


def read_docx(name: str, data: bytes) -> Document:
    """Read a Word document.

    Raises:
        UnknownFormat: It is an archive of another kind.
        BrokenFile: It is damaged, locked, or swollen beyond what a story can be.
    """
    parts = _parts(name, data)
    body, styles = _tree(name, parts[TEXT]), _style_names(name, parts.get(STYLES, b""))
    blocks = tuple(block for number, paragraph in enumerate(body.iter(f"{MAIN}p"), 1) for block in _blocks(paragraph, number, styles))
    return Document(name=name, blocks=tuple(_with_headline(blocks)), format="docx")


def _parts(name: str, data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {member.filename: member for member in archive.infolist()}
            if TEXT not in members:
                raise UnknownFormat(
                    "this archive is not a Word document.", where=name, next_step="Give the story itself: text, HTML, Markdown or .docx."
                )
            return {part: _unpacked(name, data, members[part]) for part in (TEXT, STYLES) if part in members}
    except DAMAGED_ARCHIVE as error:
        raise BrokenFile(f"the Word document is damaged ({error}).", where=name, next_step="Open it in Word and save it again.") from error


def _unpacked(name: str, data: bytes, member: zipfile.ZipInfo) -> bytes:
    if member.flag_bits & 1 or member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise BrokenFile(
            "the Word document is locked, or packed in a way that is not read.", where=name, next_step="Save it without a password."
        )
    if member.file_size > LARGEST_PART:
        raise BrokenFile(
            f"its text unpacks to {member.file_size:,} bytes; a story is at most {LARGEST_PART:,}.",
            where=name,
            next_step="Save the text alone as a new document.",
        )
    return unpack_member(data, member)


def _tree(name: str, part: bytes) -> etree._Element:
    from lxml import etree

    try:
        tree: etree._Element = etree.fromstring(part, etree.XMLParser(**{**SAFE, "remove_blank_text": False}))
    except etree.XMLSyntaxError as error:
        raise BrokenFile(f"its XML is damaged ({error}).", where=name, next_step="Open it in Word and save it again.") from error
    if tree.getroottree().docinfo.doctype:
        raise BrokenFile("its XML defines a document type, which Word never writes.", where=name, next_step="Do not trust this file.")
    return tree


def _style_names(name: str, part: bytes) -> dict[str, str]:
    """Return the name of each style by its id."""
    if not part:
        return {}
    found = {}
    for style in _tree(name, part).iter(f"{MAIN}style"):
        named = style.find(f"{MAIN}name")
        found[style.get(f"{MAIN}styleId", "")] = (named.get(f"{MAIN}val", "") if named is not None else "").lower()
    return found


def _blocks(paragraph: etree._Element, number: int, styles: Mapping[str, str]) -> Iterator[Block]:
    """Yield a paragraph, and the alternative texts of the pictures in it."""
    if any(local(above) == "Fallback" for above in paragraph.iterancestors()):
        return
    for picture in paragraph.iter("{*}docPr"):
        if alt := " ".join(picture.get("descr", "").split()):
            yield Block(role=Role.ALT, text=alt, line=number)
    if text := " ".join("".join(_text(paragraph)).split()):
        style = paragraph.find(f"{MAIN}pPr/{MAIN}pStyle")
        named = styles.get(style.get(f"{MAIN}val", ""), "") if style is not None else ""
        yield Block(role=ROLES.get(named) or role_of(text), text=text, line=number)


def _text(element: etree._Element) -> Iterator[str]:
    """Yield the text of a paragraph. Without `huge_tree` elements lie at most 256 deep, so this goes no deeper either."""
    for child in element:
        kind = local(child)
        if kind == "t":
            yield child.text or ""
        elif kind not in NOT_READ:
            yield SPACES.get(kind, "")
            yield from _text(child)


def _with_headline(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Yield the blocks; without a styled headline, a first line that reads as one is it."""
    styled = any(block.role is Role.HEADLINE for block in blocks)
    for number, block in enumerate(blocks):
        first = not styled and not number and block.role is Role.BODY and is_headline(block.text)
        yield Block(role=Role.HEADLINE, text=block.text, line=block.line) if first else block
