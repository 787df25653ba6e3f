"""One scene as a command draws it: its options, then what the ``animate.toml`` of the current folder sets for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from animate.batch.build_settings import SceneSettings, read_settings
from animate.batch.scene_build import OWN_DATA, check_tables, given_by
from animate.draw.settings import Settings, resolve
from animate.library.discovery import find


@dataclass(frozen=True)
class ChosenScene:
    """A scene, what is set for it, and how it is drawn.

    Parameters
    ----------
    script : Path
    given : mapping
        Parameters, data, words and times, as a `SceneBuild` has them.
    look : Settings
    has_both_themes : bool
        Whether the settings, and no option, ask for files in which readers see their theme.
    """

    script: Path
    given: Mapping[str, Any]
    look: Settings
    has_both_themes: bool


def choose_scene(
    name: str,
    scenes: str | None = None,
    *,
    texts: Mapping[str, str] | None = None,
    options: Mapping[str, Any] | None = None,
    appearance: Mapping[str, Any] | None = None,
) -> ChosenScene:
    """Return a scene with what is set for it.

    Parameters
    ----------
    name : str
        The name of a scene, or the path of its script.
    scenes : str, optional
        A folder to search first; that of the settings if not given.
    texts : mapping, optional
        Values of parameters, as text.
    options : mapping, optional
        What else is set for the scene, by the names in `ChosenScene.given`; None, or false, is not given.
    appearance : mapping, optional
        The arguments of `resolve`, None where not given. Of several sizes or themes in the settings the first is taken.

    Raises
    ------
    UsageError
        If there is no such scene, or a setting is invalid.
    """
    settings = read_settings({"scenes": scenes})
    script = find(name, settings.scenes)
    check_tables(settings, [script.stem])
    own = settings.of(script.stem)
    given = _given(given_by(script, own, own.set), texts or {}, options or {})
    look = _look(own, appearance or {})
    has_both_themes = own.has_both_themes and (appearance or {}).get("theme") is None
    if has_both_themes:
        look["theme"] = "light"
    return ChosenScene(script, given, resolve(**look), has_both_themes)


def _given(own: Mapping[str, Any], texts: Mapping[str, str], options: Mapping[str, Any]) -> dict[str, Any]:
    chosen = {name: value for name, value in options.items() if value is not None and value is not False}
    dropped = set(OWN_DATA) if "data" in chosen else set()  # the columns of another file
    if {"seconds", "slower"} & set(chosen):  # only one of them may set the length
        dropped |= {"seconds", "slower"}
    kept = {name: value for name, value in own.items() if name not in dropped}
    values = {**own.get("set", {}), **texts}
    return {**kept, **chosen, **({"set": values} if values else {})}


def _look(own: SceneSettings, appearance: Mapping[str, Any]) -> dict[str, Any]:
    chosen = {name: value for name, value in appearance.items() if value is not None}
    look: dict[str, Any] = {"preset": own.preset, "theme": own.themes[0], "transparent": own.transparent}
    if "preset" not in chosen:  # a preset is a size and a rate
        look |= {"size": own.sizes[0] if own.sizes else None, "fps": own.fps}
    return {**look, **chosen}
