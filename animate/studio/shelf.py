"""The scenes there are, by name, and when they change: read from their files without running them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from animate.errors import UsageError
from animate.library.discovery import Summary, scene_folders, summaries, summarize


@dataclass(frozen=True)
class Book:
    """A scene on the shelf.

    Parameters
    ----------
    summary : Summary
        What its script says of itself.
    called : str
        What a command line calls it: its name, or the path that was given.
    stamp : str
        Changes whenever its script does, or a module beside it that is no scene.
    """

    summary: Summary
    called: str
    stamp: str


@dataclass
class Shelf:
    """All scenes that tabs may ask for; a name that is not here reaches no file.

    Parameters
    ----------
    folder : str or None
        Looked in first, as ``--scenes``.
    script : Path or None
        A script elsewhere that the studio was started with.
    """

    folder: str | None = None
    script: Path | None = None
    books: dict[str, Book] = field(default_factory=dict)
    _seen: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.look()

    def look(self) -> set[str] | None:
        """Look at the files again; return the names of scenes that changed, came or went, or None if nothing did."""
        seen = dict(self._files())
        if seen == self._seen:
            return None
        self._seen = seen
        before, self.books = self.books, dict(self._read())
        return {name for name in {*before, *self.books} if before.get(name) != self.books.get(name)}

    def listed(self) -> list[dict[str, str]]:
        """Return name and question of each scene, or what is wrong with it, as the page lists them."""
        found = [book.summary for book in self.books.values()]
        return [{"name": one.name, "question": one.question, "problem": one.problem} for one in found]

    def _read(self) -> Iterator[tuple[str, Book]]:
        found = summaries(self.folder)
        for summary in found:
            yield summary.name, Book(summary, summary.name, self._stamp(summary.path, found))
        if self.script is not None:
            summary = summarize(self.script) or Summary(self.script.stem, self.script, problem="no function build")
            yield summary.name, Book(summary, str(self.script), self._stamp(self.script, [summary]))

    def _stamp(self, path: Path, scenes: list[Summary]) -> str:
        others = {one.path for one in scenes} - {path}
        beside = [file for file in sorted(self._seen) if file.parent == path.parent and file not in others]
        return ";".join(f"{file.name}:{self._seen[file][0]}:{self._seen[file][1]}" for file in beside)

    def _files(self) -> Iterator[tuple[Path, tuple[int, int]]]:
        folders = [*scene_folders(self.folder), *([self.script.parent] if self.script is not None else [])]
        for path in {file for folder in folders for file in folder.glob("*.py")}:
            try:
                facts = path.stat()
            except OSError:  # an editor is just replacing it
                continue
            yield path, (facts.st_mtime_ns, facts.st_size)


def shelf_for(name: str | None, folder: str | None) -> tuple[Shelf, str | None]:
    """Return the shelf, and the name on it of the scene that the command line names.

    Raises
    ------
    UsageError
        If there is no such scene.
    """
    from animate.library.discovery import find

    if name is None:
        return Shelf(folder), None
    path = find(name, folder)
    if name in Shelf(folder).books:
        return Shelf(folder), name
    shelf = Shelf(folder, script=path)
    if not shelf.books[path.stem].summary.question and not shelf.books[path.stem].summary.problem:
        raise UsageError(f"{path} is not a scene: it has no docstring and function build.")
    return shelf, path.stem
