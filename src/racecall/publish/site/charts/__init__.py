"""Charts: inline SVG written here, one chart a file, each a function of a page and a language.

No `viewBox`, x in per cent and y in pixels, so that text keeps its size from 300 to 1280 pixels; colours by class only, because the
content-security policy allows no style attributes (mock-ups/STYLE.md section 3). Beside each chart stand the values that its section
says in words, so that the picture and the sentence cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from racecall.publish.site.charts import breaks, counted, ranges, releases, svg, units

CHARTS: Mapping[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        svg.key_mark,
        counted.counted_bar,
        counted.slim_bar,
        counted.swatch,
        breaks.break_chart,
        breaks.break_kind,
        breaks.breaks_came,
        breaks.listed_pairs,
        ranges.range_chart,
        ranges.stated_look,
        ranges.stated_ranges,
        ranges.whole_range,
        releases.batch_chart,
        releases.batch_rows,
        releases.batches,
        releases.falls,
        releases.listed_releases,
        releases.marked,
        releases.night_chart,
        releases.night_count,
        releases.night_rows,
        releases.press_figures,
        releases.release_rows,
        releases.running_chart,
        units.map_chart,
        units.stack_bins,
        units.stack_chart,
        units.tile_chart,
        units.units_look,
        units.without_outline,
    )
}
"""Charts, and the values that their sections say, by the name that templates call: ``{{ break_chart(page, t) }}``."""
