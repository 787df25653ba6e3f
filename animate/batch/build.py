"""Build a folder of scenes: render those that changed, and keep the files of the others."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from animate.atomic_files import remove_stale
from animate.batch.build_plan import ScenePlan, longest_first, plan_scene
from animate.batch.build_settings import BuildSettings, read_settings
from animate.batch.cache_key import EnvironmentSnapshot
from animate.batch.dispatch import BuildProgress, results_of
from animate.batch.executors import check_executor, workers
from animate.batch.manifest import NAME, BuildRun, Manifest, ManifestError, SceneEntry, read_manifest
from animate.batch.manifest_writer import ManifestWriter
from animate.batch.scene_build import SceneBuild, scene_builds
from animate.batch.shards import shard_of
from animate.errors import EncodeError

HIDDEN = ".animate"
"""The folder, inside the output folder, of files that belong to the build itself."""
POLL_SECONDS = 0.1


@dataclass(frozen=True, kw_only=True)
class BuildOptions:
    """How a build works.

    Parameters
    ----------
    force : bool
        Render everything, even if nothing changed.
    use_cache : bool
        Whether to reuse files of earlier builds and let later builds reuse these.
    fail_fast : bool
        Stop at the first scene that fails.
    shard : str
        The part of the scenes to build, such as ``2/5``; "" for all.
    executor : str or Executor
        A name of `animate.batch.executors.EXECUTORS`, or any executor.
    """

    force: bool = False
    use_cache: bool = True
    fail_fast: bool = False
    shard: str = ""
    executor: str | Executor = "processes"
    address: str | None = None

    @property
    def forced(self) -> str:
        """Return the reason to render everything, or ""."""
        return "it was asked for by --force" if self.force else "" if self.use_cache else "the cache is not used"


def _ignore(*_: object) -> None:
    """Do nothing."""


@dataclass(frozen=True, kw_only=True)
class BuildCallbacks:
    """Functions that a build calls as it goes on.

    Parameters
    ----------
    message : callable
        Called with a line for the user.
    planned : callable
        Called with each `ScenePlan`, before anything is rendered.
    done : callable
        Called with the `SceneEntry` of each scene when it is done, cached ones first.
    progress : callable, optional
        Called often with the `BuildProgress`, from any thread.
    """

    message: Callable[[str], object] = _ignore
    planned: Callable[[ScenePlan], object] = _ignore
    done: Callable[[SceneEntry], object] = _ignore
    progress: Callable[[BuildProgress], object] | None = None


def build_scenes(
    names: Sequence[str] = (),
    settings: BuildSettings | None = None,
    *,
    options: BuildOptions | None = None,
    callbacks: BuildCallbacks | None = None,
) -> list[SceneEntry]:
    """Build scenes and return their entries in the manifest.

    A scene that fails stops no other one; its entry holds the problem.

    Parameters
    ----------
    names : sequence of str
        Names, patterns such as ``linear_*``, or paths of scripts; none means every scene of the first scene folder.
    settings : BuildSettings, optional
        By default those of the current folder.

    Raises
    ------
    UsageError
        If there is no such scene, or the settings are invalid.
    EncodeError
        If the output folder cannot be written.

    Examples
    --------
    Build two scenes into ``public``, four at a time::

        entries = build_scenes(["sgd", "momentum"], read_settings({"output": "public", "jobs": 4}))
        failed = [entry.id for entry in entries if entry.verdict == "failed"]
    """
    build = Build(settings or read_settings(), options or BuildOptions(), callbacks or BuildCallbacks())
    return build.run(names)


@dataclass
class Build:
    """One build of a folder."""

    settings: BuildSettings
    options: BuildOptions
    callbacks: BuildCallbacks
    snapshot: EnvironmentSnapshot = field(default_factory=lambda: EnvironmentSnapshot(Path.cwd().resolve()))

    def run(self, names: Sequence[str]) -> list[SceneEntry]:
        """Build scenes and return their entries."""
        check_executor(self.options.executor, self.options.address)  # also where nothing is to be drawn
        scenes = scene_builds(names, self.settings)
        folder = self.settings.output
        with output_lock(folder, self.callbacks.message):
            remove_stale(folder)
            before = self._last_manifest()
            selected = self._selected(scenes, before)
            run = BuildRun(tuple(one.id for one in scenes), tuple(one.id for one in selected), self.options.shard)
            writer = ManifestWriter(folder, before, run, self.snapshot, is_whole=not names)
            stale = [plan for plan in self._plans(selected, before) if not self._keep_if_cached(plan, writer)]
            writer.write()
            if stale:
                self._render(longest_first(stale), writer)
            self._write_gallery(writer.manifest(), is_new=bool(stale))
        return [entry for entry in writer.manifest().scenes if entry.id in run.selected]

    def _last_manifest(self) -> Manifest:
        try:
            return read_manifest(self.settings.output)
        except ManifestError as error:
            if (self.settings.output / NAME).exists():
                self.callbacks.message(f"{error} All scenes are built.")
            return Manifest()

    def _selected(self, scenes: Sequence[SceneBuild], before: Manifest) -> list[SceneBuild]:
        """Return the scenes of this shard."""
        if not self.options.shard:
            return list(scenes)
        known = {entry.id: entry.seconds for entry in before.scenes}
        names = shard_of({one.id: known.get(one.id, 0.0) for one in scenes}, self.options.shard)
        return [one for one in scenes if one.id in names]

    def _plans(self, scenes: Sequence[SceneBuild], before: Manifest) -> list[ScenePlan]:
        folder, forced = self.settings.output, self.options.forced
        plans = [plan_scene(one, before, self.snapshot, folder, forced=forced) for one in scenes]
        for plan in plans:
            self.callbacks.planned(plan)
        return plans

    def _keep_if_cached(self, plan: ScenePlan, writer: ManifestWriter) -> bool:
        """Return whether a scene is up to date, and keep its files then."""
        if not plan.stale:
            self.callbacks.done(writer.keep_cached(plan))
        return not plan.stale

    def _render(self, plans: Sequence[ScenePlan], writer: ManifestWriter) -> None:
        progress = BuildProgress(plans, self.callbacks.progress)
        options = self.options
        with (
            workers(options.executor, jobs=self.settings.jobs, address=options.address) as crew,
            closing(results_of(plans, crew, self.snapshot, progress)) as finished,
        ):
            for plan, results in finished:
                entry = writer.keep_results(plan, results, trusted=options.use_cache)
                progress.done(entry.id)
                self.callbacks.done(entry)
                if entry.problem and options.fail_fast:
                    return

    def _write_gallery(self, manifest: Manifest, *, is_new: bool) -> None:
        """Write the gallery; an up-to-date one costs nothing, not even the import of its module."""
        if is_new or not (self.settings.output / "index.html").exists():
            from animate.batch.gallery import write_gallery

            write_gallery(manifest, self.settings.output)


@contextmanager
def output_lock(folder: Path, message: Callable[[str], object]) -> Iterator[None]:
    """Hold the lock of an output folder inside the ``with`` block; wait while another process holds it.

    The system releases the lock of a process that ends, however it ends.

    Parameters
    ----------
    folder : Path
        Created if it does not exist.
    message : callable
        Called with one line if the lock is taken.

    Raises
    ------
    EncodeError
        If the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    lock, holder = FileLock(folder / HIDDEN / "lock"), folder / HIDDEN / "process"
    try:
        (folder / HIDDEN).mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            message(f"another build{_process(holder)} is at work in {str(folder)!r}; waiting for it to end.")
            lock.acquire(poll_interval=POLL_SECONDS)
    except OSError as error:
        raise EncodeError(f"cannot write to {str(folder)!r}: {error.strerror or error}.") from error
    try:
        with suppress(OSError):  # a full disk: the lock works without
            holder.write_text(str(os.getpid()), encoding="utf-8")
            (folder / ".animate-lock").unlink(missing_ok=True)  # the lock of versions before 0.2
        yield
    finally:
        lock.release()


def _process(holder: Path) -> str:
    with suppress(OSError, ValueError):
        text = holder.read_text(encoding="utf-8")
        return f" (process {text})" if text.isdigit() else ""
    return ""
