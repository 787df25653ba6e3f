"""The directive ``animate`` for Sphinx: a scene, built together with the document that shows it.

The files are built as by ``animate build``, in a folder beside Sphinx's own cache, so only a scene that changed is
rendered again. They are copied beside the images of the pages that show them.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import shlex
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from animate import __version__
from animate.atomic_files import AtomicFile
from animate.batch.build import build_scenes
from animate.batch.build_settings import BuildSettings, read_settings
from animate.batch.embed import EMBEDDABLE, Media, embeddable, media_of, snippet
from animate.batch.manifest import SceneEntry, read_manifest
from animate.errors import AnimateError, SceneError, UsageError
from animate.library.script import load

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FOLDER = "animate"
"""The folder in Sphinx's cache in which scenes are built, and the folder of their files among the images."""


class SceneNode(nodes.General, nodes.Element):
    """A scene in a document. Its children, the alternative text, stand for it where there are no videos or images."""


@dataclass(frozen=True)
class DirectiveScene:
    """What one directive asks for.

    Attributes
    ----------
    name : str
        A name in a scene folder, or the path of a script.
    values : mapping
        Text of each value, by parameter.
    flags : mapping
        Settings of a build.
    """

    name: str
    values: dict[str, str]
    flags: dict[str, Any]

    def build(self, cache: Path, settings_folder: Path) -> tuple[Path, Path, SceneEntry]:
        """Build the scene; return its script, the folder of its files, and its entry in the manifest.

        Raises
        ------
        AnimateError
            If the scene is missing or fails, or the folder cannot be written.
        """
        script = load(self.name, self.flags.get("scenes"))
        asked = json.dumps([str(script.path.resolve()), self.values, self.flags], sort_keys=True)
        folder = cache / f"{script.name}-{hashlib.sha256(asked.encode()).hexdigest()[:10]}"
        settings = read_settings(self.flags | {"output": str(folder)}, settings_folder)
        table = dict(settings.by_scene.get(script.name, {}))
        tables = {script.name: table | {"set": table.get("set", {}) | script.values(self.values)}}
        (entry,) = build_scenes([str(script.path)], BuildSettings(settings.top, tables, settings.flags))
        if entry.problem:
            raise SceneError(entry.problem)
        return script.path, folder, entry


class AnimateDirective(SphinxDirective):
    """``.. animate:: NAME`` with the options ``:set:``, ``:theme:``, ``:width:``, ``:alt:`` and ``:format:``."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {
        "set": directives.unchanged_required,
        "theme": lambda text: directives.choice(text, ("light", "dark", "both")),
        "width": directives.length_or_percentage_or_unitless,
        "alt": directives.unchanged_required,
        "format": directives.unchanged_required,
        "preset": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Build the scene and return its node; a mistake is reported with file and line of the document."""
        try:
            script, folder, entry = self._scene().build(Path(self.env.doctreedir) / FOLDER, Path(self.env.srcdir))
        except (AnimateError, ValueError) as error:  # ValueError: of shlex, for a quote without an end
            raise self.error(f"animate: {error}") from error
        self.env.note_dependency(str(script.resolve()))
        node = SceneNode(folder=str(folder), scene=entry.id, alt=self.options.get("alt", ""))
        node["width"] = self.options.get("width", "")
        node += nodes.paragraph("", self.options.get("alt") or entry.alt or entry.question)
        return [node]

    def _scene(self) -> DirectiveScene:
        theme = self.options.get("theme", "light")
        flags: dict[str, Any] = {
            "formats": self.options.get("format", "mp4").replace(",", " ").split(),
            "themes": ["light", "dark"] if theme == "both" else [theme],
        }
        others = [one for one in flags["formats"] if one not in EMBEDDABLE]
        if others or not flags["formats"]:
            got = others[0] if others else self.options["format"]
            raise UsageError(f":format: must name one of {', '.join(EMBEDDABLE)}, or several of them; got {got!r}.")
        if "preset" in self.options:
            flags["preset"] = self.options["preset"]
        if self.config.animate_scenes:
            flags["scenes"] = str(Path(self.env.srcdir) / self.config.animate_scenes)
        pairs = [text.partition("=") for text in shlex.split(self.options.get("set", "").replace(",", " "))]
        wrong = [name for name, equals, _ in pairs if not name or not equals]
        if wrong:
            raise UsageError(f":set: must be NAME=VALUE, several with spaces between them; got {wrong[0]!r}.")
        return DirectiveScene(self.arguments[0], {name: value for name, _, value in pairs}, flags)


def visit_html(translator: Any, node: SceneNode) -> None:
    """Write a scene into a page, and its files beside the page's images."""
    folder, builder = Path(node["folder"]), translator.builder
    entry = read_manifest(folder).entry(node["scene"])
    assert entry is not None  # noqa: S101 - the directive has built it
    target = Path(builder.outdir) / builder.imagedir / FOLDER / folder.name
    for file in entry.files:
        _copy(folder / file.path, target / file.path)
    base = posixpath.join(builder.imgpath, FOLDER, folder.name)
    media: Media = media_of(entry, embeddable(entry.files)[0], base=base)
    if node["alt"]:
        media = replace(media, alt=node["alt"], described=True)
    width = node["width"] + ("px" if node["width"].isdigit() else "")
    style = f' style="max-width:{escape(width)}"' if width else ""
    translator.body.append(f'<div class="animate-scene"{style}>\n{snippet(media)}</div>\n')
    raise nodes.SkipNode


def visit_print(translator: Any, node: SceneNode) -> None:
    """Put the still of a scene before its text, in a format that has images but no videos."""
    folder = Path(node["folder"])
    entry = read_manifest(folder).entry(node["scene"])
    assert entry is not None  # noqa: S101 - the directive has built it
    still = next((folder / file.path for file in entry.files if file.role == "poster"), None)
    if still is None:
        return
    translator.builder.images[str(still)] = f"{folder.name}-{still.name}"  # which the builder copies
    image = nodes.image(uri=str(still), candidates={"*": str(still)}, alt=node.astext())
    if node["width"]:
        image["width"] = node["width"]
    node.insert(0, image)


def _copy(source: Path, target: Path) -> None:
    """Copy a file, unless the same is there; other processes may do so at the same time."""
    content = source.read_bytes()
    if not target.is_file() or target.read_bytes() != content:
        target.parent.mkdir(parents=True, exist_ok=True)
        with AtomicFile(target) as file:
            file.write_bytes(content)


def _pass(_translator: Any, _node: SceneNode) -> None:
    """Let the node's children stand for it."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directive, and the setting ``animate_scenes``: a folder of scenes, relative to the documents."""
    app.add_config_value("animate_scenes", None, "env", types=(str,))
    app.add_directive("animate", AnimateDirective)
    printed: dict[str, Any] = dict.fromkeys(("latex", "texinfo"), (visit_print, _pass))
    texts: dict[str, Any] = dict.fromkeys(("text", "man"), (_pass, _pass))
    app.add_node(SceneNode, html=(visit_html, None), **printed, **texts)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
