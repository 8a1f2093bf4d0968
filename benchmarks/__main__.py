"""Run the benchmarks: JSON to standard output and nothing else, progress to standard error."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.base import ROOT, Benchmark, CommandFailed, DataAbsent, Figures, Place
from benchmarks.registry import BENCHMARKS
from racecall import __version__


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for and print the report; 1 if `--strict` and a bound was missed, else 0."""
    asked = _parser().parse_args(arguments)
    chosen = [benchmark for benchmark in BENCHMARKS if not asked.only or benchmark.name in asked.only]
    report = _report([measured(benchmark, asked.shared) for benchmark in chosen])
    text = json.dumps(report, indent=2)
    print(text)
    if asked.out:
        asked.out.write_text(text + "\n", encoding="utf-8")
    return int(asked.strict and not report["ok"])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--out", type=Path, help="write the report to this file too")
    parser.add_argument("--only", action="append", choices=[benchmark.name for benchmark in BENCHMARKS], help="run this one; repeatable")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared" / "data", help="the data set (default: beside the checkout)")
    parser.add_argument("--strict", action="store_true", help="end with exit code 1 if a bound is missed or a benchmark fails")
    return parser


def measured(benchmark: Benchmark, shared: Path) -> dict[str, Any]:
    """Run one benchmark in a folder of its own and return its entry; a failure becomes words, not a stop."""
    print(f"{benchmark.name}: {benchmark.what} ...", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(prefix="racecall-bench-") as scratch:
        try:
            entry = _entry(benchmark, benchmark.run(Place(scratch=Path(scratch), shared=shared)))
        except DataAbsent as absent:
            entry = _entry(benchmark, {}, state="skipped", reason=str(absent))
        except (CommandFailed, OSError, ValueError) as failure:
            entry = _entry(benchmark, {}, state="failed", reason=str(failure))
    print(f"{benchmark.name}: {_in_short(entry)}", file=sys.stderr, flush=True)
    return entry


def _entry(benchmark: Benchmark, figures: Figures, *, state: str = "measured", reason: str = "") -> dict[str, Any]:
    held = all(float(figures[bound.figure]) < bound.below for bound in benchmark.bounds) if figures else None
    return {
        "name": benchmark.name,
        "what": benchmark.what,
        "state": state,
        "ok": False if state == "failed" else held,
        "figures": {name: round(value, 4) if isinstance(value, float) else value for name, value in figures.items()},
        "bounds": {bound.figure: bound.below for bound in benchmark.bounds},
        "reason": reason,
    }


def _in_short(entry: dict[str, Any]) -> str:
    if not entry["figures"]:
        return f"{entry['state']}: {entry['reason']}"
    shown = ", ".join(f"{name} {entry['figures'][name]:g} (bound {bound:g})" for name, bound in entry["bounds"].items())
    return f"{shown}: {'held' if entry['ok'] else 'MISSED'}"


def _report(entries: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "racecall": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "load_at_the_end": round(os.getloadavg()[0], 2),
        "ok": not any(entry["ok"] is False for entry in entries),
        "benchmarks": entries,
    }


if __name__ == "__main__":
    sys.exit(main())
