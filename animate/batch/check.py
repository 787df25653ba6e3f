"""Whether a folder of builds is as a build would make it, and fit to be published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from animate.batch.build_plan import SceneBuild, orders_of
from animate.batch.fingerprint import EnvironmentSnapshot
from animate.batch.manifest import NAME, File, Manifest, SceneEntry, read_manifest
from animate.batch.plan import Plan, plan
from animate.batch.settings import BuildSettings, read_settings
from animate.film.budget import readable

MOST_FLASHES = 3
LEAST_TEXT_PX = 11.0
LEAST_CONTRAST = 4.5
LONGEST_SECONDS = 5.0
"""WCAG 2.2.2: what moves for longer must be possible to stop, for which a still is needed."""


@dataclass(frozen=True)
class Finding:
    """One thing about a scene.

    Attributes
    ----------
    scene : str
    kind : str
        "change": a build would change it; "version": only versions differ; or the lint: "budget", "still", "alt",
        "flashing", "text", "contrast".
    detail : str
    """

    scene: str
    kind: str
    detail: str

    def fails(self, *, strict: bool) -> bool:
        """Return whether a check that finds this fails."""
        return strict or self.kind != "version"


def check_builds(names: Sequence[str] = (), settings: BuildSettings | None = None) -> list[Finding]:
    """Return all that is not as it should be, scene by scene; nothing is drawn and nothing written.

    Parameters
    ----------
    names : sequence of str
        As `orders_of` takes them.
    settings : BuildSettings, optional
        Those of the current folder unless given.

    Raises
    ------
    UsageError
        For scenes or settings that do not fit.
    ManifestError
        If there is no manifest, or none that can be read.
    """
    settings = settings or read_settings()
    manifest = read_manifest(settings.output)
    now = EnvironmentSnapshot(Path.cwd().resolve())
    orders = orders_of(names, settings)
    found = [one for order in orders for one in _about(plan(order, manifest, now, settings.output), order)]
    return found if names else [*found, *_gone(manifest, orders)]


def _about(planned: Plan, order: SceneBuild) -> Iterator[Finding]:
    if planned.why:
        yield Finding(order.id, "change", "; ".join(planned.why))
    if planned.versions:
        yield Finding(order.id, "version", "; ".join(planned.versions))
    if planned.entry is not None:
        yield from lint(planned.entry, {target.path: target.max_bytes for target in order.targets})


def _gone(manifest: Manifest, orders: Sequence[SceneBuild]) -> Iterator[Finding]:
    known = {order.id for order in orders}
    gone = (entry for entry in manifest.scenes if entry.id not in known)
    return (Finding(entry.id, "change", f"there is no such scene any more, but an entry in {NAME}") for entry in gone)


def lint(entry: SceneEntry, budgets: Mapping[str, int | None]) -> Iterator[Finding]:
    """Yield what makes a scene unfit to be published.

    Parameters
    ----------
    entry : SceneEntry
    budgets : mapping
        By path, the most bytes a file may have; None or absent for no limit.
    """
    if not entry.alt.strip():
        yield Finding(entry.id, "alt", "no alternative text: give the Scene an alt.")
    stills = {(file.theme, file.variant) for file in entry.having("poster")}
    for file in entry.having("animation"):
        budget = budgets.get(file.path)
        if budget is not None and file.bytes > budget:
            yield Finding(entry.id, "budget", f"{file.path} has {readable(file.bytes)}, more than {readable(budget)}.")
        rests = file.format == "html" or (file.theme, file.variant) in stills
        if file.duration > LONGEST_SECONDS and not rests:
            detail = (
                f"{file.path} moves for {file.duration:.1f} s, and there is no still for those who want none of it."
            )
            yield Finding(entry.id, "still", detail)
        yield from _seen(entry.id, file)


def _seen(scene: str, file: File) -> Iterator[Finding]:
    if file.flashes is not None and file.flashes > MOST_FLASHES:
        yield Finding(scene, "flashing", f"{file.path} flashes {file.flashes} times in a second; WCAG allows three.")
    text = file.smallest_text
    if text is not None and text.value < LEAST_TEXT_PX:
        yield Finding(scene, "text", f"{text.text!r} in {file.path} is {text.value:.3g} px high, less than 11.")
    faint = file.lowest_contrast
    if faint is not None and faint.value < LEAST_CONTRAST:
        yield Finding(
            scene, "contrast", f"{faint.text!r} in {file.path} has a contrast of {faint.value:.3g}:1, not 4.5:1."
        )
