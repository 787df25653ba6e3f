"""The scenes that tabs may ask for, by name, and when their scripts change. Scripts are read here, never run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from animate.errors import UsageError
from animate.library.discovery import Summary, find, scene_folders, summaries, summarize


@dataclass(frozen=True)
class CatalogEntry:
    """A scene in the catalog.

    Parameters
    ----------
    summary : Summary
        Name, path and question of its script, or the problem with it.
    command_name : str
        Its name on a command line: its own, or the path that was given.
    stamp : str
        Changes whenever its script does, or a module beside it that is no scene.
    """

    summary: Summary
    command_name: str
    stamp: str


@dataclass
class SceneCatalog:
    """All scenes that tabs may ask for; any other name reaches no file.

    Parameters
    ----------
    folder : str or None
        The folder that is searched first, as with ``--scenes``.
    words, locale : str
        The language, as on the command line; empty for English.
    script : Path or None
        A script elsewhere that the studio was started with.
    """

    folder: str | None = None
    words: str = ""
    locale: str = ""
    script: Path | None = None
    entries: dict[str, CatalogEntry] = field(default_factory=dict)
    _files: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.refresh()

    def refresh(self) -> set[str] | None:
        """Read changed files again; return the names of scenes that changed, came or went, or None if none did."""
        files = dict(self._find_files())
        if files == self._files:
            return None
        self._files = files
        before, self.entries = self.entries, dict(self._read())
        return {name for name in {*before, *self.entries} if before.get(name) != self.entries.get(name)}

    def listed(self) -> list[dict[str, str]]:
        """Return name, question and problem of each scene, as the page lists them."""
        found = [entry.summary for entry in self.entries.values()]
        return [{"name": one.name, "question": one.question, "problem": one.problem} for one in found]

    def _read(self) -> Iterator[tuple[str, CatalogEntry]]:
        found = summaries(self.folder)
        for summary in found:
            yield summary.name, CatalogEntry(summary, summary.name, self._stamp(summary.path, found))
        if self.script is not None:
            summary = summarize(self.script) or Summary(self.script.stem, self.script, problem="no function build")
            yield summary.name, CatalogEntry(summary, str(self.script), self._stamp(self.script, [summary]))

    def _stamp(self, path: Path, scenes: list[Summary]) -> str:
        others = {one.path for one in scenes} - {path}
        beside = [file for file in sorted(self._files) if file.parent == path.parent and file not in others]
        return ";".join(f"{file.name}:{self._files[file][0]}:{self._files[file][1]}" for file in beside)

    def _find_files(self) -> Iterator[tuple[Path, tuple[int, int]]]:
        folders = [*scene_folders(self.folder), *([self.script.parent] if self.script is not None else [])]
        for path in {file for folder in folders for file in folder.glob("*.py")}:
            try:
                facts = path.stat()
            except OSError:  # an editor is just replacing it
                continue
            yield path, (facts.st_mtime_ns, facts.st_size)


def open_catalog(name: str | None, folder: str | None) -> tuple[SceneCatalog, str | None]:
    """Return the catalog, and the name in it of the scene that a command line names.

    Parameters
    ----------
    name : str or None
        A scene's name or the path of its script.

    Raises
    ------
    UsageError
        If there is no such scene.
    """
    catalog = SceneCatalog(folder)
    if name is None:
        return catalog, None
    path = find(name, folder)
    if name in catalog.entries:
        return catalog, name
    catalog = SceneCatalog(folder, script=path)
    summary = catalog.entries[path.stem].summary
    if not summary.question and not summary.problem:
        raise UsageError(f"{path} is not a scene: it has no docstring and function build.")
    return catalog, path.stem
