"""The pages about going public: the first night is run, the figures of the edge are worked out again, every file is explained."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from pathlib import Path

import pytest

from commands import demo, racecall
from console import differences

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def page(name: str) -> str:
    """Return a page of the documents."""
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def test_a_stranger_comes_from_a_file_to_a_live_page(tmp_path):
    """Every command of the page ends as shown and prints what is shown."""
    assert "\n".join(differences(page("first-night"), tmp_path)) == ""


def test_every_file_of_the_deployment_is_explained():
    """And nothing is explained that is not there."""
    shipped = {path.relative_to(ROOT).as_posix() for path in (ROOT / "deploy").rglob("*") if path.is_file()}

    assert set(re.findall(r"`(deploy/[\w./@-]+\w)`", page("deployment"))) == shipped


# -- the edge ------------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plan():
    """The script that works the figures out, loaded from the documents."""
    spec = importlib.util.spec_from_file_location("edge_plan", DOCS / "edge_plan.py")
    module = sys.modules["edge_plan"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def figures(plan):
    return json.loads(plan.FIGURES.read_text(encoding="utf-8"))


def test_the_tables_follow_from_the_figures(plan, figures):
    """A figure on the page was not typed by hand."""
    assert page("edge").endswith(plan.MARK + "\n" + plan.tables(figures))


def test_the_demo_weighs_what_the_page_says(plan, figures, tmp_path):
    """The morning of 5 April and the next release, measured again; a fifth more or less is room for pages to change."""
    site = tmp_path / "site"
    for moment in ("2017-04-05T12:00", "2017-04-07T12:00"):
        racecall("publish", demo(), "--out", site, "--as-of", moment)
    measured = plan.measured(site)

    assert measured == {name: pytest.approx(figures["demo"][name], rel=0.2) for name in measured}


def test_the_polls_are_those_of_the_page_and_of_the_site(plan):
    """The plan rests on what the script of an open page does, and on how long a pointer may be kept."""
    script = (ROOT / "src" / "racecall" / "publish" / "site" / "static" / "live.js").read_text(encoding="utf-8")

    assert f"POLL = {plan.POLL}_000;" in script
    assert f"max-age={plan.POINTER_KEPT}, stale" in page("site")
    assert f"max-age={plan.PAGE_KEPT}, stale" in page("site")


def test_a_quiet_minute_by_hand(plan):
    """1,000 questions a second of 400 bytes; eleven pointers, each once in five seconds."""
    found = plan.quiet(plan.Plan(requests=1000), {"contests": 10, "not_modified": 400})

    assert found == pytest.approx({"requests": 1000, "bytes": 400_000, "origin": 2.2, "hits": 0.9978})


def test_no_plan_asks_the_origin_more_than_the_edge_is_asked(plan, figures):
    """Also where few people look at many contests through many locations."""
    small = plan.Plan(requests=1, has_shield=False)

    assert all(0 <= work_out(small, figures["los_angeles"])["hits"] <= 1 for work_out in plan.MOMENTS.values())
