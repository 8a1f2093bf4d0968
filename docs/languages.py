"""Bring the catalogues of the site in step with what templates and code say: `python docs/languages.py`.

New sentences are added without a translation, those that nobody says any more are taken out, and what is missing is printed.
Another language: `python docs/languages.py --add de`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from racecall.publish.alerts.sentences import spoken
from racecall.publish.languages.messages import Message, lacks, messages_in, updated

PUBLISH = Path(__file__).resolve().parents[1] / "src" / "racecall" / "publish"
CATALOGUES = PUBLISH / "languages"
ROOMS = ("site", "alerts", "languages")
"""Rooms of `publish/` that write for readers."""


def wanted() -> frozenset[Message]:
    """Return every sentence that a reader may see."""
    templates = (path.read_text(encoding="utf-8") for room in ROOMS for path in sorted((PUBLISH / room).rglob("*.j2")))
    code = (path.read_bytes() for room in ROOMS for path in sorted((PUBLISH / room).rglob("*.py")))
    return messages_in(templates, code) | {Message(sentence) for sentence in spoken()}


def main(arguments: list[str]) -> int:
    """Write the catalogues anew and say what they lack."""
    added = [CATALOGUES / f"{code}.po" for code in arguments if code != "--add"]
    said, missing = wanted(), 0
    for path in sorted({*CATALOGUES.glob("*.po"), *added}):
        path.write_bytes(updated(path.read_bytes() if path.exists() else b"", said, path.stem))
        found = list(lacks(path.read_bytes(), said))
        missing += len(found)
        print(f"{path.name}: {len(said) - len(found):,} of {len(said):,} sentences", *(f"  {line}" for line in found), sep="\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
