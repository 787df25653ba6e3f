"""Building a folder of scenes: what changed is made, by whoever works; the rest stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from animate.atomic_files import remove_stale
from animate.batch.build_plan import SceneBuild, orders_of
from animate.batch.dispatch import results_of
from animate.batch.executors import workers
from animate.batch.fingerprint import EnvironmentSnapshot
from animate.batch.lock import locked
from animate.batch.manifest import NAME, Manifest, ManifestError, Run, SceneEntry, read_manifest
from animate.batch.manifest_entries import cached
from animate.batch.manifest_writer import ManifestWriter
from animate.batch.plan import Plan, longest_first, plan
from animate.batch.progress import BuildProgress
from animate.batch.settings import BuildSettings, read_settings
from animate.batch.shards import shard_of


@dataclass(frozen=True, kw_only=True)
class BuildOptions:
    """How a build goes about it.

    Attributes
    ----------
    force : bool
        Make everything, though nothing changed.
    use_cache : bool
        Whether the build trusts what earlier ones made, and later ones may trust this one.
    fail_fast : bool
        Stop at the first scene that fails.
    shard : str
        Such as ``2/5``: only that part of the scenes; "" for all.
    executor : str or Executor
        A name of `animate.batch.executors.EXECUTORS`, or any executor.
    address : str, optional
        Of a dask scheduler.
    """

    force: bool = False
    use_cache: bool = True
    fail_fast: bool = False
    shard: str = ""
    executor: str | Executor = "processes"
    address: str | None = None

    @property
    def forced(self) -> str:
        """Return why all is made, if it is."""
        return "it was asked for by --force" if self.force else "" if self.use_cache else "the cache is not used"


def nothing(*_: object) -> None:
    """Do nothing."""


@dataclass(frozen=True, kw_only=True)
class BuildCallbacks:
    """Who is told what happens: callables.

    Attributes
    ----------
    tell : callable
        Called with a line that is no result.
    planned : callable
        Called with each plan, before anything is made.
    done : callable
        Called with each entry as it is done, cached ones first.
    progress : callable, optional
        Called with a `BuildProgress`, often.
    """

    tell: Callable[[str], object] = nothing
    planned: Callable[[Plan], object] = nothing
    done: Callable[[SceneEntry], object] = nothing
    progress: Callable[[BuildProgress], object] | None = None


def build_scenes(
    names: Sequence[str] = (),
    settings: BuildSettings | None = None,
    *,
    how: BuildOptions | None = None,
    watch: BuildCallbacks | None = None,
) -> list[SceneEntry]:
    """Return what became of each scene, as the manifest has it.

    Parameters
    ----------
    names : sequence of str
        As `orders_of` takes them.
    settings : BuildSettings, optional
        Those of the current folder unless given.
    how : BuildOptions, optional
    watch : BuildCallbacks, optional

    Raises
    ------
    UsageError
        For scenes or settings that do not fit.
    EncodeError
        If the output folder cannot be written.
    """
    build = Build(settings or read_settings(), how or BuildOptions(), watch or BuildCallbacks())
    return build.run(names)


@dataclass
class Build:
    """One build of a folder."""

    settings: BuildSettings
    how: BuildOptions
    watch: BuildCallbacks
    now: EnvironmentSnapshot = field(default_factory=lambda: EnvironmentSnapshot(Path.cwd().resolve()))

    def _show(self, manifest: Manifest, *, anew: bool) -> None:
        """Write the gallery; where nothing was built and it stands, not even its module is loaded."""
        if anew or not (self.settings.output / "index.html").exists():
            from animate.batch.gallery import write_gallery

            write_gallery(manifest, self.settings.output)

    def run(self, names: Sequence[str]) -> list[SceneEntry]:
        """Return what became of each scene."""
        orders = orders_of(names, self.settings)
        with locked(self.settings.output, self.watch.tell):
            remove_stale(self.settings.output)
            before = self._before()
            chosen = self._chosen(orders, before)
            run = Run(tuple(order.id for order in orders), tuple(order.id for order in chosen), self.how.shard)
            record = ManifestWriter(self.settings.output, before, run, self.now, is_whole=not names)
            stale = [one for one in self._plans(chosen, before) if not self._stands(one, record)]
            record.write()
            if stale:
                self._make(longest_first(stale), record)
            self._show(record.manifest(), anew=bool(stale))
        return [entry for entry in record.manifest().scenes if entry.id in run.selected]

    def _before(self) -> Manifest:
        try:
            return read_manifest(self.settings.output)
        except ManifestError as error:
            if (self.settings.output / NAME).exists():
                self.watch.tell(f"{error} All scenes are built.")
            return Manifest()

    def _chosen(self, orders: Sequence[SceneBuild], before: Manifest) -> list[SceneBuild]:
        if not self.how.shard:
            return list(orders)
        known = {entry.id: entry.seconds for entry in before.scenes}
        names = shard_of({order.id: known.get(order.id, 0.0) for order in orders}, self.how.shard)
        return [order for order in orders if order.id in names]

    def _plans(self, orders: Sequence[SceneBuild], before: Manifest) -> list[Plan]:
        folder = self.settings.output
        plans = [plan(order, before, self.now, folder, force=self.how.forced) for order in orders]
        for one in plans:
            self.watch.planned(one)
        return plans

    def _stands(self, one: Plan, record: ManifestWriter) -> bool:
        """Return whether nothing is to be done about a scene, and record it then."""
        if not one.stale:
            record.put(cached(one))
            self.watch.done(cached(one))
        return not one.stale

    def _make(self, plans: Sequence[Plan], record: ManifestWriter) -> None:
        whole = BuildProgress(plans, self.watch.progress)
        with (
            workers(self.how.executor, jobs=self.settings.jobs, address=self.how.address) as crew,
            closing(results_of(plans, crew, self.now, whole)) as results,
        ):
            for one, came in results:
                entry = record.keep(one, came, keyed=self.how.use_cache)
                whole.done(entry.id)
                self.watch.done(entry)
                if entry.problem and self.how.fail_fast:
                    return
