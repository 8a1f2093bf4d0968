"""Beside The Washington Post's `elex-model` bootstrap, on the same votes in one run.

The two answer the same question for two candidates: what is the final margin, with intervals. 5,000 units of two votes each side, four in
ten of them counted, an earlier election in every unit (which `elex-model` needs and we do not use). It is not a dependency: it is installed
into an environment of its own, 650 MB, or the folder of one that has it is named: `RACECALL_ELEX=/path/to/venv make bench`.

Run as a program with a folder name, this module is the other side: it reads `units.csv`, runs `elex-model` and prints seconds and interval.
It imports nothing of racecall, whose packages the other environment does not have.
"""

from __future__ import annotations

import csv
import json
import os
import random
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.base import Figures, Place

UNITS = 5_000
COUNTED = 2_000
DRAWS = 10_000
BOOTSTRAP = 500
"""Resamples of `elex-model`: its own default."""
ENVIRONMENT = "RACECALL_ELEX"
REQUIREMENT = "elex-model==2.2.5"
INSTALL_SECONDS = 600
CLASSES = ("urban", "suburban", "rural")
NAMES = ("unit", "county", "class", "before_dem", "before_gop", "dem", "gop", "reporting")


def run(place: Place) -> Figures:
    """Time both on the same units, one after the other."""
    from benchmarks.base import measure, python_module

    python = _other_python(place)
    write_units(place.scratch / "units.csv")
    ours = json.loads(python_module("benchmarks.projection", "two_sides", place.scratch / "units.csv", scratch=place.scratch).stdout)
    theirs_run = measure([str(python), str(Path(__file__).resolve()), str(place.scratch)], scratch=place.scratch)
    theirs = json.loads(theirs_run.stdout.splitlines()[-1])
    return {
        "share_of_their_time": ours["seconds"] / theirs["seconds"],
        "times_faster": theirs["seconds"] / ours["seconds"],
        "seconds": ours["seconds"],
        "seconds_elex_model": theirs["seconds"],
        "peak_mb": ours["peak_mb"],
        "peak_mb_elex_model": theirs_run.peak_mb,
        "draws": DRAWS,
        "resamples_elex_model": BOOTSTRAP,
        "margin_low": ours["low"],
        "margin_high": ours["high"],
        "margin_low_elex_model": theirs["low"],
        "margin_high_elex_model": theirs["high"],
        "margin_true": true_margin(place.scratch / "units.csv"),
        "units": UNITS,
    }


def _other_python(place: Place) -> Path:
    """Return a Python that has `elex-model`: the one that was named, or a new one in the scratch folder.

    Raises:
        CommandFailed: It cannot be installed here, with the reason.
    """
    from benchmarks.base import CommandFailed

    named = os.environ.get(ENVIRONMENT)
    folder = Path(named) if named else place.scratch / "elex"
    python = folder / "bin" / "python"
    if named and not python.exists():
        raise CommandFailed(f"{ENVIRONMENT} names {folder}, which has no bin/python")
    if not named:
        _installed(folder, python)
    return python


def _installed(folder: Path, python: Path) -> None:
    from benchmarks.base import CommandFailed

    steps = ([sys.executable, "-m", "venv", str(folder)], [str(python), "-m", "pip", "install", "--quiet", "--no-input", REQUIREMENT])
    for step in steps:
        try:
            subprocess.run(step, check=True, capture_output=True, encoding="utf-8", timeout=INSTALL_SECONDS)
        except (subprocess.SubprocessError, OSError) as failure:
            said = str(getattr(failure, "stderr", "") or failure).strip()[-300:]
            raise CommandFailed(f"{REQUIREMENT} cannot be installed here, so there is nothing to compare with: {said}") from failure


def write_units(path: Path) -> None:
    """Write a contest of two sides: an earlier election, and tonight with a shift of its own in each county; small units report first."""
    chance = random.Random(20171107)
    counties = [chance.gauss(0.0, 0.04) for _ in range(100)]
    rows: list[list[int]] = []
    for unit in range(UNITS):
        size, before = chance.lognormvariate(6.5, 0.7), min(max(chance.gauss(0.5, 0.15), 0.05), 0.95)
        now = min(max(before + 0.02 + counties[unit % 100] + chance.gauss(0, 0.02), 0.02), 0.98)
        total = size * chance.lognormvariate(0.05, 0.1)
        old, new = (round(size * before) + 5, round(size * (1 - before)) + 5), (round(total * now) + 5, round(total * (1 - now)) + 5)
        rows.append([unit, unit % 100, unit % 3, *old, *new])
    first = {row[0] for row in sorted(rows, key=lambda row: row[5] + row[6] + chance.gauss(0, 300))[:COUNTED]}
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([NAMES, *([*row, int(row[0] in first)] for row in rows)])


def read_units(path: Path) -> list[dict[str, int]]:
    """Read what `write_units` wrote."""
    with path.open(newline="", encoding="utf-8") as file:
        return [{name: int(value) for name, value in row.items()} for row in csv.DictReader(file)]


def true_margin(path: Path) -> float:
    """Return the margin of the whole count, as a share."""
    rows = read_units(path)
    ours, other = sum(row["dem"] for row in rows), sum(row["gop"] for row in rows)
    return (ours - other) / (ours + other)


def other_side(folder: Path) -> dict[str, float]:
    """Run the bootstrap of `elex-model` as its own client does, offline; the import is not timed.

    Source: research/live-models.md section 1, for the settings that let it run without its S3 bucket.
    """
    os.environ.update(APP_ENV="local", DATA_ENV="dev", MODEL_S3_BUCKET="", MODEL_S3_PATH_ROOT="", AWS_DEFAULT_REGION="us-east-1")
    import pandas as pd  # type: ignore[import-not-found, import-untyped, unused-ignore]
    from elexmodel.client import ModelClient  # type: ignore[import-not-found, unused-ignore]

    units = pd.DataFrame(read_units(folder / "units.csv"))
    election, office = "2017-11-07_VA_G", "G"
    common = {"postal_code": "VA", "geographic_unit_fips": units["unit"].map("51_{:05d}".format)}
    before = pd.DataFrame(
        common | {"county_fips": units["county"].map("51{:03d}".format), "county_classification": units["class"].map(CLASSES.__getitem__)}
    )
    before["baseline_dem"], before["baseline_gop"] = units["before_dem"], units["before_gop"]
    before["baseline_turnout"] = before["baseline_dem"] + before["baseline_gop"]
    before["baseline_margin"] = before["baseline_dem"] - before["baseline_gop"]
    before["baseline_normalized_margin"] = before["baseline_margin"] / before["baseline_turnout"]
    tonight = pd.DataFrame(common | {f"results_{side}": units[side] * units["reporting"] for side in ("dem", "gop")})
    tonight["results_turnout"] = tonight["results_dem"] + tonight["results_gop"]
    tonight["percent_expected_vote"] = 100.0 * units["reporting"]
    config = {
        election: [
            {
                "office": office,
                "states": ["VA"],
                "geographic_unit_types": ["precinct"],
                "historical_election": [],
                "features": ["baseline_normalized_margin"],
                "aggregates": ["postal_code", "county_fips", "county_classification", "unit"],
                "fixed_effect": ["county_classification"],
                "fixed_effects": ["county_classification"],
                "baseline_pointer": {"dem": "dem", "gop": "gop", "turnout": "turnout"},
            }
        ]
    }
    started = time.perf_counter()
    made = ModelClient().get_estimates(
        tonight,
        election,
        office,
        ["margin"],
        prediction_intervals=[0.9],
        geographic_unit_type="precinct",
        raw_config=config,
        preprocessed_data=before,
        features=["baseline_normalized_margin"],
        aggregates=["postal_code"],
        fixed_effects={"county_classification": ["all"]},
        pi_method="bootstrap",
        model_parameters={"B": BOOTSTRAP, "lambda_": 0.0, "strata": ["county_classification"]},
        save_output=[],
    )
    seconds = time.perf_counter() - started
    state = made["state_data"].iloc[0]
    return {"seconds": seconds, "low": float(state["lower_0.9_margin"]), "high": float(state["upper_0.9_margin"])}


if __name__ == "__main__":
    print(json.dumps(other_side(Path(sys.argv[1])) | {"peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000}))
