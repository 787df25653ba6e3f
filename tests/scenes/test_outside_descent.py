"""The lessons that are not about descent: their numbers are those of scikit-learn, and their words are true."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from scipy.optimize import linprog
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

from animate import Scene, datasets, load, penguins

SPECIES = ["Adelie", "Chinstrap", "Gentoo"]


def words(scene: Scene) -> str:
    """Return all that a scene says."""
    texts = [beat.words for beat in scene.beats or () if beat.words]
    return " ".join([text if isinstance(text, str) else text[0] for text in texts] + [scene.alt]).replace("\u2212", "-")


@pytest.mark.parametrize(
    ("first", "second"), [("flipper_length_mm", "bill_length_mm"), ("bill_depth_mm", "bill_length_mm")]
)
def test_the_first_principal_component_is_that_of_scikit_learn(first: str, second: str) -> None:
    X = penguins([first, second], SPECIES).X
    model = PCA().fit(X)
    said = words(load("principal_components").build(first=first, second=second))
    angle = np.degrees(np.arctan2(*model.components_[0][::-1])) % 180
    assert f"at {angle:.1f} degrees" in said
    assert f"with {100 * model.explained_variance_ratio_[0]:.1f} % of the variance" in said


def luminance(color: Any) -> float:
    """Return the relative luminance of a color by WCAG 2.2."""
    channels = np.array(to_rgb(color))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["principal_components", "k_means", "gaussian_mixture_em", "perceptron"])
def test_every_line_can_be_told_from_the_background(name: str, theme: str) -> None:
    figure = load(name).build().still("last", size=(960, 540), theme=theme)
    lines = [line for axes in figure.axes for line in axes.lines if line.get_visible() and len(line.get_xdata()) > 1]
    assert lines
    for line in lines:
        light, dark = sorted((luminance(line.get_color()), luminance(figure.get_facecolor())), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 3


@pytest.mark.parametrize("max_leaves", [2, 6, 12])
def test_the_tree_is_that_of_scikit_learn(max_leaves: int) -> None:
    data = penguins(["bill_length_mm", "flipper_length_mm"], SPECIES)
    model = DecisionTreeClassifier(max_leaf_nodes=max_leaves, random_state=0).fit(data.X, data.labels)
    n_wrong = int((model.predict(data.X) != data.labels).sum())
    said = words(load("decision_tree").build(max_leaves=max_leaves))
    assert f"{model.get_n_leaves()} leaves; {n_wrong} of 342" in said.replace("\u202f", "")
    root = model.tree_
    name = ["bill length", "flipper length"][root.feature[0]]
    assert f"is the {name} above {root.threshold[0]:.4g} mm" in said


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("k", [2, 3, 5])
def test_k_means_says_whether_another_start_ends_lower(k: int, seed: int) -> None:
    data = penguins(["bill_length_mm", "flipper_length_mm"], SPECIES)
    X = data.X / data.X.std(axis=0)
    seeds = [seed, *(one for one in range(21) if one != seed)][:21]  # of the start itself, and of 20 others
    picks = [X[np.random.default_rng(of).choice(len(X), k, replace=False)] for of in seeds]
    ends = [KMeans(k, init=pick, n_init=1, tol=0, max_iter=1000, algorithm="lloyd").fit(X).inertia_ for pick in picks]
    said = words(load("k_means").build(k=k, seed=seed))
    assert ("another start ends lower" in said) == (min(ends) < ends[0] * (1 - 1e-9))
    assert f"to {ends[0]:.0f}." in said
    assert "in standard deviations" in said.split("nearest center")[1]


@pytest.mark.parametrize("seed", range(3))
def test_fewest_points_held_out_are_wrong_at_the_k_that_is_named(seed: int) -> None:
    data = datasets.two_moons(240, noise=0.35, rng=seed)
    said = words(load("k_nearest_neighbors").build(seed=seed))
    k = int(re.search(r"k tried, (\d+)", said)[1])
    errors = {
        n: 1 - KNeighborsClassifier(n).fit(data.X[::2], data.labels[::2]).score(data.X[1::2], data.labels[1::2])
        for n in (1, 3, 5, 9, 15, 33, 99)
    }
    named = 1 - KNeighborsClassifier(k).fit(data.X[::2], data.labels[::2]).score(data.X[1::2], data.labels[1::2])
    assert named <= min(errors.values()) + 1e-12
    assert f"{100 * named:.1f} %" in said


@pytest.mark.parametrize(
    ("n_samples", "noise", "seed"), [(240, 0.35, 0), (240, 0.35, 2), (24, 0.0, 2), (60, 0.5, 1), (10, 0.0, 2)]
)
def test_a_k_that_is_not_alone_the_best_is_said_to_tie(n_samples: int, noise: float, seed: int) -> None:
    data = datasets.two_moons(n_samples, noise=noise, rng=seed)
    X, labels = data.X[::2], data.labels[::2]
    scene = load("k_nearest_neighbors").build(n_samples=n_samples, noise=noise, seed=seed, max_k=9)
    ks = [k for k in (1, 3, 5, 7, 9) if k <= max(len(X) - 1, 1) // 2 * 2 + 1]
    right = [KNeighborsClassifier(k).fit(X, labels).score(data.X[1::2], data.labels[1::2]) for k in ks]
    ties = [k for k, share in zip(ks, right, strict=True) if share == max(right)]
    tie = f", the smallest of {len(ties)} that tie," if len(ties) > 1 else ""
    least = f"{100 * (1 - max(right)):.1f} %"
    answer = f"Of {len(ks)} values of k tried, {ties[0]}{tie} has the lowest share of held-out points wrong: {least}"
    assert answer in words(scene)
    brief = f"Best on held-out: k = {ties[0]}" + f" ({len(ties)} tie)" * (len(ties) > 1)
    assert scene.timeline.chapters[-1].beat.words[-1] == f"{brief}."


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("yes", "is_separable"), [("Gentoo", True), ("Chinstrap", False)])
def test_the_perceptron_stops_only_where_a_line_separates_the_species(yes: str, is_separable: bool, seed: int) -> None:
    said = words(load("perceptron").build(yes=yes, seed=seed, max_passes=20))
    assert ("it stops, however near" in said) == is_separable
    assert ("After 20 passes it is still wrong at" in said) == (not is_separable)


@pytest.mark.parametrize("seed", range(18, 24))
@pytest.mark.parametrize("yes", ["Gentoo", "Chinstrap"])
def test_a_perceptron_is_said_never_to_stop_only_where_no_line_separates_the_species(yes: str, seed: int) -> None:
    data = penguins(["bill_length_mm", "bill_depth_mm"], ["Adelie", yes])
    rows = np.column_stack([data.X, np.ones(data.n_samples)]) * np.where(data.labels == 1, -1.0, 1.0)[:, None]
    is_separable = linprog(np.zeros(3), A_ub=rows, b_ub=-np.ones(len(rows)), bounds=(None, None)).status == 0
    said = words(load("perceptron").build(yes=yes, seed=seed, max_passes=1))
    if "never stops" in said:
        assert not is_separable
    if "with more passes it stops" in said:
        assert is_separable
    if not is_separable:
        assert "never stops" in said


@pytest.mark.parametrize("k", [2, 3])
@pytest.mark.parametrize("seed", range(3))
def test_the_likelihood_of_the_mixture_is_said_to_rise_only_if_it_does(k: int, seed: int) -> None:
    said = words(load("gaussian_mixture_em").build(k=k, seed=seed, n_updates=40))
    first, last = (float(part) for part in said.split("rises from ")[1].rstrip(".").split(" to "))
    assert last > first
    assert "never lower the likelihood" in said
    assert not re.search(r"(?<!log-)[Ll]ikelihood [^.]*-\d", said)  # a likelihood is not negative, its logarithm is


@pytest.mark.parametrize(
    "name",
    ["k_means", "principal_components", "decision_tree", "gaussian_mixture_em", "perceptron", "k_nearest_neighbors"],
)
def test_a_lesson_is_told_in_beats_of_8_to_15_seconds_without_private_imports(name: str) -> None:
    script = load(name)
    scene = script.build()
    assert scene.beats
    assert 8 <= scene.timeline.duration <= 15
    source = script.path.read_text(encoding="utf-8")
    assert "._" not in source.replace("._replace", "")
    assert "class " not in source.split('"""', 2)[2]
