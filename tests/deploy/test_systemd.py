"""The units of `deploy/systemd`: systemd understands them, and what they start is there."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from racecall.cli.main import app

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
LATER = {"desk"}
"""Commands of another part of the program, which have tests of their own."""


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix != ".path"], ids=lambda unit: unit.name)
def test_systemd_finds_nothing_wrong(unit, tmp_path):
    """No word is misspelt and no value is none; the programs are put where a machine would have them."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("needs systemd-analyze (apt-get install -y systemd)")
    for other in UNITS:
        text = other.read_text(encoding="utf-8")
        (tmp_path / other.name).write_text(re.sub(r"/opt/racecall/(bin|deploy)/\S+", sys.executable, text), encoding="utf-8")
    surroundings = {**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"}
    ran = subprocess.run(["systemd-analyze", "verify", tmp_path / unit.name], capture_output=True, check=False, env=surroundings)

    assert (ran.returncode, [line for line in ran.stderr.decode().splitlines() if "racecall" in line]) == (0, [])


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix == ".service"], ids=lambda unit: unit.name)
def test_what_a_unit_starts_is_there(unit):
    """A command with options that it has, or a script beside the units."""
    [line] = re.findall(r"^ExecStart=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE)
    program, *words = shlex.split(line)
    if program == "/opt/racecall/bin/racecall":
        known = get_command(app).commands
        options = {option for parameter in getattr(known.get(words[0]), "params", ()) for option in parameter.opts}
        missing = [word for word in words if word.startswith("--") and word not in options]
        assert (missing, words[0] in known) == ([], True) or words[0] in LATER - set(known)
    else:
        assert os.access(DEPLOY / Path(program).name, os.X_OK)
