"""Work out docs/edge.md: what an edge has to carry when very many people have a page open, from bytes that were measured.

    .venv/bin/python docs/edge_plan.py measure SITE     prints the figures of a site to which one release was published last
    .venv/bin/python docs/edge_plan.py                  writes the tables of docs/edge.md anew from _static/edge.json

Nothing here was loaded: it is arithmetic. Its three inputs are measured bytes, the rules of docs/site.md (Headers) and of
`static/live.js`, and the assumptions in `Plan`, which a reader may change.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

DOCS = Path(__file__).parent
PAGE = DOCS / "edge.md"
FIGURES = DOCS / "_static" / "edge.json"
MARK = "<!-- From here on written by docs/edge_plan.py -->\n"

POLL = 30
"""Between two questions of an open page, give or take a quarter (`POLL` of live.js) [s]."""
SPREAD = POLL * 1.25
"""Within this every open page has asked once [s]."""
POINTER_KEPT = 5
"""How long an edge keeps a pointer (docs/site.md, Headers) [s]."""
PAGE_KEPT = 15
"""How long it keeps a page [s]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is assumed.

    Args:
        requests: Questions for pointers that all open pages ask together [requests/s].
        on_index: Share of the open pages that show all contests.
        busiest: Share of the open pages that show the contest that most people follow.
        locations: Places at which the delivery network keeps copies of its own.
        has_shield: Whether these ask one common copy before they ask us.
    """

    requests: int
    on_index: float = 0.2
    busiest: float = 0.1
    locations: int = 100
    has_shield: bool = True

    @property
    def viewers(self) -> int:
        """Open pages that people look at."""
        return self.requests * POLL

    @property
    def askers(self) -> int:
        """Who asks the origin."""
        return 1 if self.has_shield else self.locations


# -- measuring ---------------------------------------------------------------------------------------------------------------------------


def measured(site: Path) -> dict[str, int]:
    """Return what a site's files weigh on the way, compressed as a server would [bytes], and how many there are.

    Args:
        site: A site whose last version is a release after another one.
    """
    version = json.loads((site / "latest.json").read_bytes())["version"]
    pages = sorted(_weight(page) for page in (site / "c").glob("*/index.html"))
    patches = sorted(_weight(patch) for patch in (site / f"v/{version}").glob("*.json"))
    pointers = [pointer.stat().st_size for pointer in (site / "c").glob("*/latest.json")]
    shared = sum(_weight(file) for file in (site / "static").iterdir() if not file.name.startswith("embed"))
    return {
        "contests": len(pages),
        "page_median": int(median(pages)),
        "page_largest": pages[-1],
        "patch_median": int(median(patches)),
        "patch_largest": patches[-1],
        "patches": sum("/state/" not in str(file) for file in (site / f"v/{version}").rglob("*.json")),
        "languages": sum((folder / "index.html").is_file() for folder in (site, *site.glob("??"))),
        "index": _weight(site / "index.html"),
        "pointer": max(pointers),
        "shared": shared,
    }


def _weight(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 6))


# -- working out -------------------------------------------------------------------------------------------------------------------------


def quiet(plan: Plan, figures: Mapping[str, int]) -> dict[str, float]:
    """Return what happens while nothing is new: every answer is 304 and has no body.

    viewers = requests · POLL. Origin: each pointer once in POINTER_KEPT seconds for each that asks, and never more often than it is asked
    for. Hits = 1 - origin / requests.
    """
    pointers = figures["contests"] + 1
    return _answered(plan.requests, plan.requests * figures["not_modified"], plan.askers * pointers / POINTER_KEPT)


def release(plan: Plan, figures: Mapping[str, int]) -> dict[str, float]:
    """Return what happens within SPREAD after a release that changes every contest.

    Each open page of a contest fetches one patch, each open index the whole index, both beside the pointers, which now have a body.
    Requests: viewers / SPREAD more. Origin: each pointer as before, each patch once (it never changes), the index of each language once
    in PAGE_KEPT.
    """
    rate = plan.viewers / SPREAD
    each = (1 - plan.on_index) * (figures["patch_median"] + figures["head"]) + plan.on_index * (figures["index"] + figures["head"])
    pointers = plan.requests * (figures["pointer"] + figures["head"])
    files = plan.askers * (figures["patches"] / SPREAD + figures["languages"] / PAGE_KEPT)
    return _answered(plan.requests + rate, pointers + rate * each, quiet(plan, figures)["origin"] + files)


def one_contest(plan: Plan, figures: Mapping[str, int]) -> dict[str, float]:
    """Return what happens within SPREAD after the contest that most people follow was called: one patch, the largest."""
    rate = plan.busiest * plan.viewers / SPREAD
    before = quiet(plan, figures)
    traffic = before["bytes"] + rate * (figures["patch_largest"] + figures["head"])
    return _answered(plan.requests + rate, traffic, before["origin"] + plan.askers / SPREAD)


def arrivals(plan: Plan, figures: Mapping[str, int], minutes: int = 10) -> dict[str, float]:
    """Return what happens when all these people open a page for the first time within some minutes: page, shared files, pointer.

    Requests: five a person. Origin: each page once in PAGE_KEPT and each pointer once in POINTER_KEPT, and never more than are asked for.
    """
    rate = plan.viewers / (60 * minutes)
    each = (1 - plan.on_index) * figures["page_median"] + plan.on_index * figures["index"] + figures["shared"] + 5 * figures["head"]
    origin = plan.askers * (figures["contests"] + 1) * (1 / PAGE_KEPT + 1 / POINTER_KEPT)
    return _answered(5 * rate, rate * each, origin)


def _answered(requests: float, traffic: float, origin: float) -> dict[str, float]:
    """Put the four figures together; the origin is never asked more often than the edge is."""
    asked = min(requests, origin)
    return {"requests": requests, "bytes": traffic, "origin": asked, "hits": 1 - asked / requests}


# -- writing ---------------------------------------------------------------------------------------------------------------------------

MOMENTS = {
    "nothing is new": quiet,
    "the contest that most follow is called": one_contest,
    "a release changes every contest": release,
    "everybody opens a page, in 10 minutes": arrivals,
}
PLANS = tuple(Plan(requests=requests, has_shield=shield) for requests in (1_000, 10_000, 100_000) for shield in (True, False))
NAMES = {
    "contests": "contests",
    "page_median": "a contest's page, the median [bytes]",
    "page_largest": "a contest's page, the largest [bytes]",
    "patch_median": "a patch after a release, the median [bytes]",
    "patch_largest": "a patch after a release, the largest [bytes]",
    "languages": "languages",
    "patches": "patches of the release, in all languages",
    "index": "the page with all contests [bytes]",
    "pointer": "a pointer, the largest, not compressed [bytes]",
    "shared": "styles and scripts of a page, once a reader [bytes]",
    "head": "headers of an answer with a body [bytes]",
    "not_modified": "an answer without a body, all of it [bytes]",
}


def tables(figures: Mapping[str, Mapping[str, int]]) -> str:
    """Return the part of the page that is worked out."""
    return "\n".join((*_bytes_table(figures), "", *_plan_table(figures["los_angeles"]), ""))


def _bytes_table(figures: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    yield "## What was measured"
    yield ""
    yield "| what, compressed with gzip level 6 | the demo | Los Angeles County, 2022 |"
    yield "|---|--:|--:|"
    for name, words in NAMES.items():
        yield f"| {words} | {figures['demo'][name]:,} | {figures['los_angeles'][name]:,} |"


def _plan_table(figures: Mapping[str, int]) -> Iterator[str]:
    yield "## What follows"
    yield ""
    yield "Los Angeles County's pages; Mbit/s over all locations together; the origin is the machine that the folder lies on."
    yield ""
    yield "| open pages | pointers/s | moment | shield | requests/s | Mbit/s | origin, requests/s | answered by the edge |"
    yield "|--:|--:|---|---|--:|--:|--:|--:|"
    for plan in PLANS:
        for moment, work_out in MOMENTS.items():
            found = work_out(plan, figures)
            yield _row(plan, moment, found)


def _row(plan: Plan, moment: str, found: Mapping[str, Any]) -> str:
    cells = (
        f"{plan.viewers:,}",
        f"{plan.requests:,}",
        moment,
        "yes" if plan.has_shield else "no",
        f"{found['requests']:,.0f}",
        f"{8 * found['bytes'] / 1e6:,.0f}",
        f"{found['origin']:,.0f}",
        f"{100 * found['hits']:.1f}%",
    )
    return f"| {' | '.join(cells)} |"


def main(words: list[str]) -> None:
    """Measure a site, or write the page."""
    if words[:1] == ["measure"]:
        print(json.dumps(measured(Path(words[1])), indent=1))
        return
    text, _, _ = PAGE.read_text(encoding="utf-8").partition(MARK)
    PAGE.write_text(text + MARK + "\n" + tables(json.loads(FIGURES.read_text(encoding="utf-8"))), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
