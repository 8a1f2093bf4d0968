"""Fuzz every feed, one after the other: `make fuzz`, or `python tests/fuzz [--seconds N] [FEED ...]`; replay with `--replay FEED FILE`.

Needs Atheris (`pip install 'racecall[fuzz]'`), which has wheels for Linux and CPython 3.11 to 3.13 only.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from racecall.errors import RacecallError  # noqa: E402 - the path comes first
from seeds import seeds  # noqa: E402

TIMEOUT, MEMORY, LARGEST = 10, 2048, 262_144
"""What one input may take: seconds (a hundred times what it should, since the machine is busy and the code is watched), MB; its bytes."""
WORDS = (
    "votes",
    "Votes",
    "total",
    "Total",
    "TOTAL",
    "Contest",
    "precinct",
    "[[release]]",
    '"@type"',
    "Write-in",
    "1,234",
    "****",
    "-1",
    "NaN",
)
"""Words for libFuzzer to try, beside those that it sees compared."""
OPTIONS = (f"-timeout={TIMEOUT}", f"-rss_limit_mb={MEMORY}", f"-max_len={LARGEST}", "-print_final_stats=1", "-verbosity=1")


def fuzz(feed: str, seconds: int, kept: Path) -> bool:
    """Fuzz one feed and say what came of it; whatever breaks it is kept as a file."""
    with tempfile.TemporaryDirectory() as made:
        corpus = Path(made)
        for number, document in enumerate(seeds()[feed]):
            (corpus / f"seed{number}").write_bytes(document.data)
        words = corpus.with_suffix(".dict")
        words.write_text("".join(f"{_quoted(word)}\n" for word in WORDS), encoding="utf-8")
        command = [sys.executable, HERE / "target.py", feed, str(corpus), *OPTIONS]
        command += [f"-dict={words}", f"-max_total_time={seconds}", f"-artifact_prefix={kept / feed}-"]
        ran = subprocess.run([*map(str, command)], capture_output=True, text=True, errors="replace", check=False)
        words.unlink()
    _say(f"{feed:16} {_figures(ran.stderr)}" + ("" if ran.returncode == 0 else "  BROKEN"))
    if ran.returncode:
        _say(_trouble(feed, ran.stdout + ran.stderr))
    return ran.returncode == 0


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _figures(said: str) -> str:
    """Return runs, coverage, corpus and memory as libFuzzer said them last."""
    runs = re.findall(r"^#(\d+)", said, re.MULTILINE)
    last = re.findall(r"cov: (\d+) ft: (\d+) corp: (\d+)/(\S+)", said)
    memory = re.findall(r"peak_rss_mb:\s*(\d+)|rss: (\d+)Mb", said)
    places, _, inputs, size = last[-1] if last else ("?",) * 4
    most = "".join(memory[-1]) if memory else "?"
    return f"{runs[-1] if runs else '?':>8} runs, {places:>5} places, {inputs:>4} inputs ({size}), {most:>4} MB"


def _trouble(feed: str, said: str) -> str:
    """Return the end of what was said, and how to see it again."""
    kept = re.search(r"Test unit written to (\S+)", said)
    lines = [line for line in said.splitlines() if not line.startswith(("#", "INFO", "stat::"))]
    replay = f"\n  again: {sys.executable} {HERE} --replay {feed} {kept[1]}" if kept else ""
    return "\n".join(f"  {line}" for line in lines[-40:]) + replay


def replay(feed: str, file: Path) -> None:
    """Read one kept input, without libFuzzer and without Atheris: a traceback is the fault itself."""
    from dataclasses import replace

    from racecall.desk.plugins import load_feeds
    from racecall.feeds import registry
    from racecall.feeds.text import unpack

    seed, reader = seeds()[feed][0], registry.by_id(load_feeds(), feed)
    try:
        reader.parse(replace(seed, data=unpack(seed.capture.name, file.read_bytes())))
    except RacecallError as error:
        _say(f"refused in words: {error}")
    else:
        _say("read")


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main() -> int:
    """Return 0 if nothing broke, 1 if something did, 2 if Atheris is missing."""
    options = argparse.ArgumentParser(prog="python tests/fuzz", description=__doc__.splitlines()[0])
    options.add_argument("feeds", nargs="*", metavar="FEED", help="which feeds (all)")
    options.add_argument("--seconds", type=int, default=10, help="for each feed")
    options.add_argument("--kept", type=Path, default=Path("fuzz-found"), help="where inputs that break something are kept")
    options.add_argument("--replay", nargs=2, metavar=("FEED", "FILE"), help="read one kept input")
    given = options.parse_args()
    if given.replay:
        replay(given.replay[0], Path(given.replay[1]))
        return 0
    if not find_spec("atheris"):
        _say("Atheris is not installed: it has wheels for Linux and CPython 3.11 to 3.13. On such a machine: pip install 'racecall[fuzz]'")
        return 2
    given.kept.mkdir(exist_ok=True)
    broken = [feed for feed in given.feeds or seeds() if not fuzz(feed, given.seconds, given.kept)]
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
