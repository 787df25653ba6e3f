"""Building a folder of scenes: what changed is made, by whoever works; the rest stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from animate.build.entries import cached
from animate.build.executors import workers
from animate.build.files import remove_leftovers
from animate.build.fingerprint import Now
from animate.build.giving import results_of
from animate.build.lock import locked
from animate.build.manifest import NAME, Manifest, ManifestError, Run, SceneEntry, read_manifest
from animate.build.orders import Order, orders_of
from animate.build.plan import Plan, longest_first, plan
from animate.build.progress import Whole
from animate.build.record import Record
from animate.build.settings import BuildSettings, read_settings
from animate.build.shards import shard_of


@dataclass(frozen=True, kw_only=True)
class How:
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
        A name of `animate.build.executors.EXECUTORS`, or any executor.
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
class Watch:
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
        Called with a `Whole`, often.
    """

    tell: Callable[[str], object] = nothing
    planned: Callable[[Plan], object] = nothing
    done: Callable[[SceneEntry], object] = nothing
    progress: Callable[[Whole], object] | None = None


def build_scenes(
    names: Sequence[str] = (),
    settings: BuildSettings | None = None,
    *,
    how: How | None = None,
    watch: Watch | None = None,
) -> list[SceneEntry]:
    """Return what became of each scene, as the manifest has it.

    Parameters
    ----------
    names : sequence of str
        As `orders_of` takes them.
    settings : BuildSettings, optional
        Those of the current folder unless given.
    how : How, optional
    watch : Watch, optional

    Raises
    ------
    UsageError
        For scenes or settings that do not fit.
    EncodeError
        If the output folder cannot be written.
    """
    build = Build(settings or read_settings(), how or How(), watch or Watch())
    return build.run(names)


@dataclass
class Build:
    """One build of a folder."""

    settings: BuildSettings
    how: How
    watch: Watch
    now: Now = field(default_factory=lambda: Now(Path.cwd().resolve()))

    def _show(self, manifest: Manifest, *, anew: bool) -> None:
        """Write the gallery; where nothing was built and it stands, not even its module is loaded."""
        if anew or not (self.settings.output / "index.html").exists():
            from animate.build.gallery import write_gallery

            write_gallery(manifest, self.settings.output)

    def run(self, names: Sequence[str]) -> list[SceneEntry]:
        """Return what became of each scene."""
        orders = orders_of(names, self.settings)
        with locked(self.settings.output, self.watch.tell):
            remove_leftovers(self.settings.output)
            before = self._before()
            chosen = self._chosen(orders, before)
            run = Run(tuple(order.id for order in orders), tuple(order.id for order in chosen), self.how.shard)
            record = Record(self.settings.output, before, run, self.now, is_whole=not names)
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

    def _chosen(self, orders: Sequence[Order], before: Manifest) -> list[Order]:
        if not self.how.shard:
            return list(orders)
        known = {entry.id: entry.seconds for entry in before.scenes}
        names = shard_of({order.id: known.get(order.id, 0.0) for order in orders}, self.how.shard)
        return [order for order in orders if order.id in names]

    def _plans(self, orders: Sequence[Order], before: Manifest) -> list[Plan]:
        folder = self.settings.output
        plans = [plan(order, before, self.now, folder, force=self.how.forced) for order in orders]
        for one in plans:
            self.watch.planned(one)
        return plans

    def _stands(self, one: Plan, record: Record) -> bool:
        """Return whether nothing is to be done about a scene, and record it then."""
        if not one.stale:
            record.put(cached(one))
            self.watch.done(cached(one))
        return not one.stale

    def _make(self, plans: Sequence[Plan], record: Record) -> None:
        whole = Whole(plans, self.watch.progress)
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
