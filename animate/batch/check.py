"""Check that a folder of builds is up to date and its files are fit to publish."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from animate.batch.build_plan import ScenePlan, plan_scene
from animate.batch.build_settings import BuildSettings, read_settings
from animate.batch.cache_key import EnvironmentSnapshot
from animate.batch.manifest import NAME, File, Manifest, ManifestError, SceneEntry, read_manifest
from animate.batch.scene_build import SceneBuild, has_own_words, scene_builds
from animate.draw.color_lint import confusable_colors
from animate.draw.language_file import find_language
from animate.draw.settings import is_usual_size
from animate.draw.theme import Theme
from animate.draw.theme_file import find_theme
from animate.errors import AnimateError, shortened
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
        ``change`` if a build would change it, ``version`` if only versions differ, ``words`` if its language cannot be
        read, or the rule it breaks: ``budget``, ``still``, ``alt``, ``flashing``, ``text``, ``contrast``, ``color``.
    """

    scene: str
    kind: str
    detail: str

    def fails(self, *, strict: bool) -> bool:
        """Return whether a check with this finding fails."""
        return strict or self.kind != "version"


def check_builds(names: Sequence[str] = (), settings: BuildSettings | None = None) -> list[CheckFinding]:
    """Return every finding, scene by scene, without writing anything.

    Only the texts of unusual sizes, or of one's own, are looked at in a drawing.

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
        If the manifest cannot be read, or there is none and nothing else to report.
    """
    settings = settings or read_settings()
    scenes = scene_builds(names, settings)
    of_settings = {scene.id: [*color_findings(scene), *word_findings(scene)] for scene in scenes}
    try:
        manifest = read_manifest(settings.output)
    except ManifestError:
        if (settings.output / NAME).exists() or not any(of_settings.values()):
            raise
        manifest = Manifest()
    snapshot = EnvironmentSnapshot(Path.cwd().resolve())
    plans = [plan_scene(scene, manifest, snapshot, settings.output) for scene in scenes]
    found = [one for plan in plans for one in (*_findings_of(plan), *_further(of_settings[plan.scene.id], plan))]
    return found if names else [*found, *_removed_scenes(manifest, {scene.id for scene in scenes})]


def _further(found: Iterable[CheckFinding], plan: ScenePlan) -> Iterator[CheckFinding]:
    """Yield findings, except the problem of the last build, which is already among the reasons to build."""
    reasons = "; ".join(plan.why)
    return (one for one in found if one.detail not in reasons)


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


def word_findings(scene: SceneBuild) -> Iterator[CheckFinding]:
    """Yield what is wrong with the words of a scene: its language, and texts that lie on each other or are cut.

    Texts are looked at where nobody has done so: at unusual sizes, or where the words are one's own.
    """
    try:
        find_language(scene.given.get("language"), scene.given.get("locale"))
    except AnimateError as error:
        yield CheckFinding(scene.id, "words", str(error))
        return
    own = has_own_words(scene.given)
    looks = {(look.width, look.height): look for look in reversed(scene.settings.looks())}
    unseen = [look for look in looks.values() if own or not is_usual_size(look)]
    if not unseen:
        return
    from animate.batch.render_scene import built_scene  # loads matplotlib, which a check does without
    from animate.draw.text_overlap import text_problems

    try:
        with redirect_stdout(sys.stderr), built_scene(scene.script, scene.given) as (drawn, *_):
            lines = [line for look in unseen for line in text_problems(drawn, look)]
    except AnimateError as error:
        lines = [str(error)]
    yield from (CheckFinding(scene.id, "text", line) for line in lines)


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
    if entry.files and not entry.alt.strip():  # the text of a scene that was never drawn is unknown
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
    yield from (CheckFinding(scene, "color", f"{file.path}: {line}") for line in file.color_alone)
    text, faint = file.smallest_text, file.lowest_contrast
    if text is not None and text.value < MIN_TEXT_PX:
        detail = f"{shortened(text.text)!r} in {file.path} is {text.value:.3g} px high, less than 11."
        yield CheckFinding(scene, "text", detail)
    if faint is not None and faint.value < MIN_CONTRAST:
        detail = f"{shortened(faint.text)!r} in {file.path} has a contrast of {faint.value:.3g}:1, not 4.5:1."
        yield CheckFinding(scene, "contrast", detail)
