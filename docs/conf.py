"""Configuration of the documentation: ``python -m sphinx -W --keep-going docs docs/_build/html``."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent))

import generate

import animate

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "animate"
author = "the animate contributors"
project_copyright = "the animate contributors"
version = release = animate.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.githubpages", "animate.sphinx"]
exclude_patterns = ["_build", "static"]
myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist"]
myst_heading_anchors = 3

# docstrings are written for readers of the code: single backquotes are code
smartquotes = False  # options such as --jobs stay as they are typed
default_role = "code"
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_param = False  # types are prose such as "array, shape (n_samples,)": nothing to link
napoleon_use_ivar = True
autodoc_member_order = "bysource"
autodoc_typehints = "none"
autodoc_default_options = {"members": True}

html_theme = "furo"
html_title = "animate"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_js_files = [("site.js", {"priority": 210})]  # after documentation_options.js, which it corrects
html_copy_source = False
html_show_sphinx = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#1c63b7", "color-brand-content": "#1c63b7"},
    "dark_css_variables": {"color-brand-primary": "#7db4f5", "color-brand-content": "#7db4f5"},
}


def setup(app: Sphinx) -> None:
    """Write the generated pages before Sphinx looks for its sources."""
    app.connect("builder-inited", lambda app: generate.write_pages(Path(app.srcdir)))
    written: list[list[str]] = []

    def before_napoleon(
        _app: Sphinx, _what: str, _name: str, _object: object, _options: object, lines: list[str]
    ) -> None:
        written[:] = [list(lines)]

    def after_napoleon(
        _app: Sphinx, what: str, _name: str, _object: object, _options: object, lines: list[str]
    ) -> None:
        if what in ("attribute", "data", "property") and not any("----" in line for line in written[0]):
            lines[:] = written[0]  # napoleon takes what stands before a colon for the type
        lines[:] = map(plain_words, lines)

    app.connect("autodoc-process-docstring", before_napoleon, priority=400)
    app.connect("autodoc-process-docstring", after_napoleon, priority=600)


def plain_words(line: str) -> str:
    """Return a line whose bars are no substitutions, as in absolute values, and whose types contain no links."""
    parts = re.split(r"(``.*?``|`[^`]*`)", line)  # code stays as it is
    plain = "".join(part if part.startswith("`") else part.replace("|", r"\|") for part in parts)
    # of names with a space between them, Sphinx would take the first for a type
    joined = re.sub(r"^:(?:ivar|vartype) [\w, ]+:", lambda names: names[0].replace(", ", ","), plain)
    return re.sub(r"^(:vartype [\w,]+:) ([^*`]+)$", r"\1 *\2*", joined)
