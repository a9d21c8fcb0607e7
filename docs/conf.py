"""Settings of the site; `make site` builds it."""

from __future__ import annotations

from migrascope import __version__

project = "migrascope"
author = "The migrascope authors"
release = __version__
extensions = ["myst_parser"]
html_theme = "furo"
html_title = f"migrascope {release}"
html_extra_path = ["../build/reports"]
html_show_sourcelink = False
html_show_sphinx = False
myst_heading_anchors = 3
exclude_patterns = ["schema"]
# A rule has its page from the index of rules; the tree beside it would be too long.
suppress_warnings = ["toc.not_included"]
