"""Charts: inline SVG written here, one chart a file, each a function of a page and a language.

No `viewBox`, x in per cent and y in pixels, so that text keeps its size from 300 to 1280 pixels; colours by class only, because the
content-security policy allows no style attributes (mock-ups/STYLE.md section 3).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from racecall.publish.site.charts.counted import counted_bar, swatch

if TYPE_CHECKING:
    from markupsafe import Markup

CHARTS: Mapping[str, Callable[..., Markup]] = {"counted_bar": counted_bar, "swatch": swatch}
"""Charts by the name that templates call: ``{{ counted_bar(page, t) }}``."""
