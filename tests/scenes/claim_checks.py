"""What tests of claims share: own data of every kind, the texts of a scene, and numbers read back from them."""
# ruff: noqa: E501 - a claim of a table stands on one line

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

import animate
from animate import load_table
from animate.draw.run import Run
from animate.learn.tables import Table, shipped_table
from animate.scene import Scene

NUMBER = "([\u22120-9.e\u202f]*[0-9](?:\u202f(?:M|bn|tn)\\b)?|\u22121?|\u221e)"
"""A number on screen: true minus signs, thin spaces, powers of ten, millions and infinity."""

Claims = Mapping[str, Callable[[Any, re.Match[str]], bool]]
"""From a pattern in a text to whether facts computed by the test bear its match out."""


def own(x: np.ndarray, y: np.ndarray) -> Table:
    return load_table({"x": np.asarray(x, dtype=float), "y": np.asarray(y, dtype=float)})


def own_tables() -> dict[str, Table]:
    """Return tables of points: certified, centered, in tiny and huge units, with ties, exact, few and constant."""
    rng = np.random.default_rng(7)
    x = rng.uniform(-3, 3, 30)
    y = 2 * x + 1 + rng.normal(0, 0.5, 30)
    return {
        "norris": shipped_table("norris"),
        "centered": own(x - x.mean(), y - y.mean()),
        "standardized": own((x - x.mean()) / x.std(), (y - y.mean()) / y.std()),
        "tiny": own(1e-6 * x, 1e-7 * y),
        "huge": own(1e6 * x, 1e7 * y),
        "ties": own(np.repeat([1.0, 2.0, 3.0], 5), np.tile([1.0, 2.0, 2.0], 5)),
        "exact": own(np.arange(6.0), 3 * np.arange(6.0) - 1),
        "three": own(np.array([0.0, 1.0, 5.0]), np.array([1.0, 0.0, 3.0])),
        "zero": own(np.arange(8.0), np.zeros(8)),
        "constant": own(np.arange(8.0), np.full(8, 4.0)),
        "falling": own(x + 40, -3 * x + rng.standard_t(1.5, 30)),
    }


def hard_tables() -> dict[str, Table]:
    """Return tables that are no part of random draws: units so small or a mean so large that rounding matters."""
    rng = np.random.default_rng(0)
    x = rng.uniform(-3, 3, 30)
    y = 2 * x + 1 + rng.normal(0, 0.5, 30)
    return {"nano": own(1e-9 * x, 1e-9 * y), "giant": own(1e9 * x, 1e-9 * y), "far": own(1e9 + x, 1e6 + y),
            "pico": own(1e-12 * x, y), "bright": own(x, 1e12 * y), "level": own(np.tile([-1.0, 0.0, 1.0], 2), np.repeat([1.0, -1.0], 3))}  # fmt: skip


DRAWN = tuple(own_tables())
TABLES = own_tables() | hard_tables()


def texts_of(scene: Scene) -> list[str]:
    """Return every text that the scene can show: all lengths of its captions, its title and its alternative text."""
    chapters = getattr(scene.timeline, "chapters", ())
    words = [scene.title, further_alt(scene), *scene.captions.values(), *(chapter.beat.words for chapter in chapters)]
    return [text for entry in words if entry for text in ([entry] if isinstance(entry, str) else entry)]


def further_alt(scene: Scene) -> str:
    """Return what the alternative text says beyond the words of the first and the last beat, which are checked as such."""
    said = [chapter.beat.words for chapter in getattr(scene.timeline, "chapters", ()) if chapter.beat.words]
    in_full = [words if isinstance(words, str) else words[0] for words in said]
    return scene.alt.removeprefix(" ".join([*in_full[:1], *in_full[1:][-1:]])).strip()


def panels_of(scene: Scene) -> Iterator[Any]:
    for entry in scene.panels:
        yield from entry if isinstance(entry, list | tuple) else [entry]


def checked(texts: list[str], facts: Any, claims: Claims) -> tuple[set[str], set[str]]:
    """Check every claim in some texts; return the patterns that were met, and the texts that claim nothing."""
    met, silent = set(), set()
    for text in map(in_plural, texts):
        assert not re.search(r"(^|[\s(=])-\d|None|[{}]|\bnan\b(?![ :.])", text), text
        found = {pattern: list(re.finditer(pattern, text)) for pattern in claims}
        for pattern, matches in found.items():
            for match in matches:
                assert claims[pattern](facts, match), f"{pattern!r} in {text!r}"
                met.add(pattern)
        if not any(found.values()):
            silent.add(text)
    return met, silent


_IN_PLURAL = {
    r"(update|epoch|gradient|step|mistake|soft step|hidden unit)\b": r"\1s",
    "of them an outlier": "of them outliers", "point at the right was": "points at the right were", "far point tilts": "far points tilt",
}  # fmt: skip


def in_plural(text: str) -> str:
    """Return a text with 1 update as "1 updates", so that a pattern has one form; `test_plurals` tests the words."""
    text = with_e(text)
    for one, several in _IN_PLURAL.items():
        text = re.sub(rf"(?<![\d\u202f.,])1 {one}", f"1 {several}", text)
    return text


_PLAIN_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789\u2212")


def with_e(text: str) -> str:
    """Return a text with powers of ten as programs write them, and true minus signs: 3.1×10⁻⁴ as 3.1e−4.

    >>> with_e("3.1×10⁻⁴ and 10¹⁵")
    '3.1e\u22124 and 1e15'
    """
    powers = r"(?:([\d.]+)×)?\b10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
    return re.sub(powers, lambda found: f"{found[1] or 1}e{found[2].translate(_PLAIN_DIGITS)}", text)


_SCALES = {"M": 1e6, "bn": 1e9, "tn": 1e12}


def number(text: str) -> float:
    """Return a number as it stands on screen."""
    text = with_e(text)
    plain, _, word = text.partition("\u202f") if text[-1:].isalpha() else (text, "", "")
    value = plain.replace("\u202f", "").replace("\u2212", "-").replace("\u221e", "inf").strip()
    return float(value) * _SCALES.get(word, 1.0)


def shows(text: str, value: float, rounding: float = 0.0) -> bool:
    """Return whether a text is a value rounded to the digits that the text shows; both may be lost to rounding."""
    text = with_e(text)
    shown = number(text)
    if abs(value) <= rounding:
        return abs(shown) <= rounding
    if not np.isfinite(value) or not np.isfinite(shown):
        return shown == value
    mantissa = text.replace("\u2212", "").replace("\u202f", "").split("e")[0].rstrip("Mbnt")
    decimals = len(mantissa.partition(".")[2])
    unit = 10.0**-decimals * (shown / float(mantissa) if float(mantissa) and shown > 0 else 1.0)
    if shown < 0:
        unit = 10.0**-decimals * abs(shown) / float(mantissa)
    return abs(shown - value) <= 0.51 * abs(unit) + 1e-9 * abs(value)


def all_show(text: str, values: Any) -> bool:
    """Return whether a text lists numbers, separated by commas, as they stand on screen."""
    parts = [part.strip() for part in text.split(",")]
    return len(parts) == len(values) and all(map(shows, parts, values))


LINE = f"(\u2212?[0-9.e\u202f\u2212]+(?:\u202f(?:M|bn|tn))?)\u2009x ([+\u2212]) ({NUMBER[1:-1]})"
"""The right side of a line's equation: three groups."""


def shows_line(groups: tuple[str, ...], line: Any, rounding: Any = (0.0, 0.0)) -> bool:
    """Return whether an equation shows slope and intercept; either is 0 where rounding of y makes as much."""
    slope, sign, intercept = groups
    line = np.where(np.abs(line) < rounding, 0.0, line)
    return shows(slope, line[0]) and shows(("\u2212" if sign == "\u2212" else "") + intercept, line[1])


class Descent:
    """What numpy computes from the points alone for one run of a line: losses, distances, and the optimum.

    The loss is `factor` mean r^2 + 1/2 `penalty` w^2.
    """

    def __init__(
        self, run: Run, x: np.ndarray, y: np.ndarray, *, scaled: bool = False, penalty: float = 0.0, factor: float = 1.0
    ) -> None:
        n, self.params = len(x), np.asarray(run.trajectory.params)
        self.mean, self.scale = (float(x.mean()), float(x.std())) if scaled else (0.0, 1.0)
        self.design = np.column_stack([(x - self.mean) / self.scale, np.ones(n)])
        rows = np.vstack([self.design * np.sqrt(factor / n), [np.sqrt(penalty / 2), 0.0]])
        self.optimum = np.linalg.lstsq(rows, np.append(y * np.sqrt(factor / n), 0.0), rcond=None)[0]
        if not penalty:
            self.optimum[np.abs(self.optimum) * [np.ptp(self.design[:, 0]), 1.0] < 1e-14 * np.abs(y).max()] = 0.0
        self.hessian = 2 * rows.T @ rows
        with np.errstate(all="ignore"):
            away = self.params @ self.design.T - y
            self.loss = factor * np.square(away).mean(axis=1) + penalty / 2 * self.params[:, 0] ** 2
            rest = self.design @ self.optimum - y
            self.best = float(factor * np.square(rest).mean() + penalty / 2 * self.optimum[0] ** 2)
            self.distance = np.hypot(*(self.params - self.optimum).T)
        self.rounding = 1e-20 * factor * float(np.square(y).mean())
        self.best = 0.0 if self.best < 1e-4 * self.rounding else self.best
        self.n, self.last, self.y = n, len(self.params) - 1, y
        self.line_rounding = 1e-13 * np.abs(y).max() * np.array([1.0, x.std() + abs(x.mean())]) / x.std()

    def line(self, params: np.ndarray) -> np.ndarray:
        """Return slope and intercept in the units of the data."""
        with np.errstate(all="ignore"):
            slope = params[..., 0] / self.scale
            return np.stack([slope, params[..., 1] - slope * self.mean], axis=-1)

    def settles(self, at: float, share: float = 0.01, axis: int | None = None) -> bool:
        """Return whether the run stays within a share of its first distance from an update on, but not before."""
        away = self.distance if axis is None else np.abs(self.params[:, axis] - self.optimum[axis])
        floor = 1e-10 * np.abs(self.optimum).max()
        k = int(at)
        inside = (away[k:] <= share * away[0] * (1 + 1e-6) + floor).all()
        return bool(inside and (k == 0 or away[k - 1] > share * away[0] * (1 - 1e-6)))

    def gains(self, at: float, share: float) -> bool:
        """Return whether a share of the possible gain of loss is gained for good from an update on, but not before."""
        excess, k = self.loss - self.best, int(at)
        floor = 1e-10 * self.best + 1e-14 * self.loss[0]
        inside = (excess[k:] <= (1 - share) * excess[0] * (1 + 1e-6) + floor).all()
        return bool(inside and (k == 0 or excess[k - 1] > (1 - share) * excess[0] * (1 - 1e-6) - floor))

    def stays(self, at: float, share: float, axis: int) -> bool:
        """Return whether a parameter stays within a share of its first distance from an update on."""
        away = np.abs(self.params[:, axis] - self.optimum[axis])
        return bool((away[int(at) :] <= share * away[0] * (1 + 1e-6) + 1e-10 * np.abs(self.optimum).max()).all())

    def stays_gained(self, share: float) -> bool:
        """Return whether a share of the possible gain of loss is gained at the end."""
        excess = self.loss - self.best
        return bool(excess[-1] <= (1 - share) * excess[0] * (1 + 1e-6) + 1e-10 * self.best + 1e-14 * self.loss[0])

    def falls(self) -> bool:
        with np.errstate(all="ignore"):
            return bool((np.diff(self.loss) <= 1e-9 * self.loss[:-1]).all() and self.loss[-1] < (1 - 1e-11) * self.loss[0])

    def wanders(self) -> bool:
        half, changes = self.distance[len(self.distance) // 2 :], np.diff(self.loss[len(self.loss) // 2 :])
        near = 0 < np.sqrt(np.square(half).mean()) <= self.distance[0] * (1 + 1e-9)
        return bool(near and (changes > 0).any() and (changes < 0).any() and half.min() > 1e-9 * self.distance[0])

    def diverges(self) -> bool:
        return not np.isfinite(self.loss[-1]) or bool(self.loss[-1] > 100 * self.loss[0])

    def infinite_at(self) -> int:
        return int((~(np.isfinite(self.loss) & np.isfinite(self.params).all(axis=1))).argmax())


LEFT = f"{NUMBER} %"
OF_ONE_RUN: Claims = {
    rf"has settled: from update {NUMBER} on it stays within 1 %": lambda d, m: d.settles(number(m[1])),
    rf"^Settled at update {NUMBER}: within 1 %": lambda d, m: d.settles(number(m[1])),
    rf"After {NUMBER} updates {LEFT} of the first distance": lambda d, m: (
        number(m[1]) == d.last and shows(m[2], 100 * d.distance[-1] / d.distance[0])
    ),
    rf"^{LEFT} of the distance is left": lambda d, m: shows(m[1], 100 * d.distance[-1] / d.distance[0]),
    rf"[Ii]t is {NUMBER} times as far": lambda d, m: shows(m[1], d.distance[-1] / d.distance[0]),
    r"(?:and|It) does not stay": lambda d, _: d.distance[0] <= 1e-12 * np.abs(d.optimum).max() < d.distance[-1],
    r"begins at the (best line|line of lowest loss)|^It begins at": lambda d, _: d.distance[0] <= 1e-9 * np.abs(d.optimum).max(),
    r"diverges: its loss is over 100 times": lambda d, _: bool(d.loss[-1] > 100 * d.loss[0]),
    r"^[A-Z][A-Za-z ]+ diverges\.$": lambda d, _: d.diverges(),
    r"every update makes it worse": lambda d, _: bool((np.diff(d.loss[: d.infinite_at()]) > 0).all()),
    rf"at update {NUMBER} its numbers are infinite|: infinite at update {NUMBER}\.": lambda d, m: (
        number(m[1] or m[2]) == d.infinite_at()
    ),
}  # fmt: skip
"""What `claims.settling` and a run that diverges say of a run, whose facts are a `Descent`."""


def _named(facts: Any, words: str) -> Descent:
    """Return the run whose name some words end with."""
    return facts["named"][max((name for name in facts["named"] if words.endswith(with_e(name))), key=len)]


OF_SEVERAL_RUNS: Claims = {
    r"(?:^|\. )([^:;]+?) diverges": lambda f, m: _named(f, m[1]).diverges(),
    rf"(?:^|\. )([^:;]+?) diverges: (?:infinite|every update makes it worse, and) at update {NUMBER}": lambda f, m: (
        number(m[2]) == _named(f, m[1]).infinite_at()
    ),
}  # fmt: skip
"""What runs that diverge say of themselves, where the facts hold a `Descent` for each name."""


SCENES = Path(__file__).parents[2] / "scenes"
Values = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Lesson:
    """A lesson's claims, and how a test computes from its parameters the facts that decide them."""

    claims: Claims
    facts: Callable[[Scene, Values], Any]
    grid: tuple[Values, ...] = ()
    choices: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    n_draws: int = 24
    with_data: float = 0.5

    @cache  # noqa: B019 - the lessons of a test live as long as its module
    def cases(self) -> tuple[Values, ...]:
        """Return the grid and random draws: few and many updates, extreme rates, no and much noise, own data."""
        rng, drawn = np.random.default_rng(3), []
        for _ in range(self.n_draws):
            values = {key: several[rng.integers(len(several))] for key, several in self.choices.items()}
            if rng.random() < self.with_data:
                values = {key: value for key, value in values.items() if key not in OF_DRAWN_POINTS}
                values["data"] = str(rng.choice(DRAWN))
            else:
                values.pop("standardize", None)
            drawn.append(values)
        return (*self.grid, *drawn)


def built(name: str, values: Values) -> Scene:
    given = {key: TABLES[value] if key == "data" else value for key, value in values.items()}
    return animate.load(name, scenes=SCENES).build(**given)


def points_of(scene: Scene) -> tuple[np.ndarray, np.ndarray]:
    data = next(panel.problem.data for panel in panels_of(scene) if hasattr(panel, "problem"))
    return data.x, data.y


RATES = (1e-6, 0.002, 0.03, 0.2, 0.45, 1.0)
USUAL: dict[str, tuple[Any, ...]] = {
    "learning_rate": RATES, "n_updates": (1, 2, 5, 20, 60, 300), "noise": (0.0, 0.3, 5.0),
    "n_samples": (5, 33, 100), "seed": tuple(range(100)),
}  # fmt: skip

OF_DRAWN_POINTS = ("noise", "n_samples", "sigma", "share", "height", "highest")
"""Parameters that own data make meaningless."""


@cache
def outcome(name: str, lesson: Lesson, number: int) -> tuple[set[str], set[str]]:
    """Check one case of a lesson; return the claims that were met, and the texts without a claim."""
    values = lesson.cases()[number]
    scene = built(name, values)
    return checked(texts_of(scene), lesson.facts(scene, values), lesson.claims)
