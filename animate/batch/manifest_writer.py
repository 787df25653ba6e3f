"""What is kept of a build while it goes on: files as they come, and the manifest after each scene."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import animate
from animate.atomic_files import write_atomic
from animate.batch.fingerprint import EnvironmentSnapshot
from animate.batch.manifest import NAME, File, Manifest, Run, SceneEntry
from animate.batch.manifest_entries import after
from animate.batch.plan import Plan
from animate.batch.tasks import Result
from animate.errors import EncodeError


class ManifestWriter:
    """The output folder of one build, and its manifest.

    Parameters
    ----------
    folder : Path
    before : Manifest
        Of the last build.
    run : Run
        What this build is about.
    now : EnvironmentSnapshot
    is_whole : bool
        Whether the build is about all scenes there are, so that entries of others are of scenes that are gone.
    """

    def __init__(self, folder: Path, before: Manifest, run: Run, now: EnvironmentSnapshot, *, is_whole: bool) -> None:
        self._folder, self._before, self._run, self._now = folder, before, run, now
        self._written = before
        self._entries = {entry.id: entry for entry in before.scenes if not is_whole or entry.id in run.scenes}

    def put(self, entry: SceneEntry) -> None:
        """Take an entry in the place of what was known of the scene."""
        self._entries[entry.id] = entry

    def keep(self, plan: Plan, results: Sequence[Result], *, keyed: bool) -> SceneEntry:
        """Write the files that came of a plan, and the manifest; return the scene's entry.

        Parameters
        ----------
        plan : Plan
        results : sequence of Result
        keyed : bool
            Whether later builds may trust the files.
        """
        problems = [result.problem for result in results if result.problem]
        written: list[File] = []
        for file, content in (pair for result in results for pair in result.files):
            try:
                write_atomic(self._folder / file.path, content)
                written.append(file)
            except EncodeError as error:
                problems.append(str(error))
        entry = after(plan, self._now, results, written, problems, keyed=keyed)
        self.put(entry)
        self.write()
        return entry

    def manifest(self) -> Manifest:
        """Return the manifest as it is now."""
        scenes = tuple(sorted(self._entries.values(), key=lambda entry: (entry.name, entry.variant)))
        known = {**self._before.sources, self._now.source: self._now.sources}
        used = {entry.source for entry in scenes} & set(known)
        return Manifest(scenes, self._run, animate.__version__, {key: known[key] for key in sorted(used)})

    def write(self) -> None:
        """Write the manifest where it says something new, so that a build that is killed now can be continued."""
        manifest = self.manifest()
        if manifest != self._written:
            write_atomic(self._folder / NAME, manifest.text().encode())
            self._written = manifest
