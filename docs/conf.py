"""How the documents are built: `make docs` (Sphinx, MyST markdown, the furo theme; no network)."""

from racecall import __version__

project = "racecall"
author = "the racecall contributors"
project_copyright = "the racecall contributors, Apache-2.0"
release = __version__
version = __version__

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = f"racecall {__version__}"
html_static_path = ["_static"]
html_copy_source = False
html_show_sphinx = False
