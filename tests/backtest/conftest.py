"""The archived nights, read once."""

import sys
from pathlib import Path

import pytest

from racecall.calls.calibration_file import parse_calibration
from racecall.desk.archives import archive_folders, packaged_calibration, read_archive

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


@pytest.fixture(scope="session")
def calibration():
    """The calibration that ships."""
    return parse_calibration(packaged_calibration())


@pytest.fixture(scope="session")
def archive(shared):
    """All archived elections."""
    return [read_archive(folder) for folder in archive_folders([shared / "archive"])]
