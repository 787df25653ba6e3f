"""Check that a folder of builds is up to date and its files are fit to publish."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from animate.batch.build_plan import ScenePlan, plan_scene
from animate.batch.build_settings import BuildSettings, read_settings
from animate.batch.cache_key import EnvironmentSnapshot
from animate.batch.manifest import NAME, File, Manifest, SceneEntry, read_manifest
from animate.batch.scene_build import SceneBuild, scene_builds
from animate.draw.color_lint import confusable_colors
from animate.draw.theme import Theme
from animate.draw.theme_file import find_theme
from animate.film.budget import readable

MAX_FLASHES = 3
"""Within a second (WCAG 2.3.1)."""
MIN_TEXT_PX = 11.0
MIN_CONTRAST = 4.5
MAX_SECONDS = 5.0
"""Readers must be able to stop what moves for longer (WCAG 2.2.2), which needs a still."""


@dataclass(frozen=True)
class CheckFinding:
    """One finding about a scene.

    Parameters
    ----------
    kind : str
        ``change`` if a build would change it, ``version`` if only versions differ, or the rule it breaks: ``budget``,
        ``still``, ``alt``, ``flashing``, ``text``, ``contrast``, ``color``.
    """

    scene: str
    kind: str
    detail: str

    def fails(self, *, strict: bool) -> bool:
        """Return whether a check with this finding fails."""
        return strict or self.kind != "version"


def check_builds(names: Sequence[str] = (), settings: BuildSettings | None = None) -> list[CheckFinding]:
    """Return every finding, scene by scene, without drawing or writing anything.

    Parameters
    ----------
    names : sequence of str
        Names, patterns or paths of scenes; none means every scene of the first scene folder.
    settings : BuildSettings, optional
        By default those of the current folder; give those of the build.

    Raises
    ------
    UsageError
        If there is no such scene, or the settings are invalid.
    ManifestError
        If there is no manifest, or it cannot be read.
    """
    settings = settings or read_settings()
    manifest = read_manifest(settings.output)
    snapshot = EnvironmentSnapshot(Path.cwd().resolve())
    scenes = scene_builds(names, settings)
    plans = [plan_scene(scene, manifest, snapshot, settings.output) for scene in scenes]
    found = [one for plan in plans for one in (*_findings_of(plan), *color_findings(plan.scene))]
    return found if names else [*found, *_removed_scenes(manifest, {scene.id for scene in scenes})]


def _findings_of(plan: ScenePlan) -> Iterator[CheckFinding]:
    if plan.why:
        yield CheckFinding(plan.scene.id, "change", "; ".join(plan.why))
    if plan.versions:
        yield CheckFinding(plan.scene.id, "version", "; ".join(plan.versions))
    if plan.entry is not None:
        yield from lint(plan.entry, {target.path: target.max_bytes for target in plan.scene.targets})


def color_findings(scene: SceneBuild) -> Iterator[CheckFinding]:
    """Yield the colors of a scene's themes that somebody cannot tell apart, or read."""
    for theme in dict.fromkeys(look.theme for look in scene.settings.looks()):
        for line in _confusable_in(theme):
            name = theme if isinstance(theme, str) else theme.name
            yield CheckFinding(scene.id, "color", f"theme {name}: {line}")


@cache
def _confusable_in(theme: str | Theme) -> list[str]:
    return list(confusable_colors(find_theme(theme)))


def _removed_scenes(manifest: Manifest, known: set[str]) -> Iterator[CheckFinding]:
    removed = (entry.id for entry in manifest.scenes if entry.id not in known)
    return (CheckFinding(name, "change", f"the scene no longer exists, but has an entry in {NAME}") for name in removed)


def lint(entry: SceneEntry, budgets: Mapping[str, int | None]) -> Iterator[CheckFinding]:
    """Yield the rules of publishing that a scene breaks.

    Parameters
    ----------
    budgets : mapping
        By path, the maximum number of bytes of a file; None or absent for no limit.
    """
    if not entry.alt.strip():
        yield CheckFinding(entry.id, "alt", "no alternative text: give the Scene an alt.")
    stills = {(file.theme, file.variant) for file in entry.having("poster")}
    for file in entry.having("animation"):
        budget = budgets.get(file.path)
        if budget is not None and file.bytes > budget:
            detail = f"{file.path} has {readable(file.bytes)}, more than {readable(budget)}."
            yield CheckFinding(entry.id, "budget", detail)
        has_still = file.format in ("html", "svg") or (file.theme, file.variant) in stills
        if file.duration > MAX_SECONDS and not has_still:
            detail = f"{file.path} moves for {file.duration:.1f} s and has no still for readers who want no motion."
            yield CheckFinding(entry.id, "still", detail)
        yield from _visible_problems(entry.id, file)


def _visible_problems(scene: str, file: File) -> Iterator[CheckFinding]:
    if file.flashes is not None and file.flashes > MAX_FLASHES:
        detail = f"{file.path} flashes {file.flashes} times in a second; WCAG allows three."
        yield CheckFinding(scene, "flashing", detail)
    text, faint = file.smallest_text, file.lowest_contrast
    if text is not None and text.value < MIN_TEXT_PX:
        detail = f"{text.text!r} in {file.path} is {text.value:.3g} px high, less than 11."
        yield CheckFinding(scene, "text", detail)
    if faint is not None and faint.value < MIN_CONTRAST:
        detail = f"{faint.text!r} in {file.path} has a contrast of {faint.value:.3g}:1, not 4.5:1."
        yield CheckFinding(scene, "contrast", detail)
