"""Why does the lasso set a weight to exactly zero?

Two standardized features and y standardized, loss ½ mean r²; the lasso adds λ (|w₁| + |w₂|) and takes proximal steps,
ridge adds ½ λ (w₁² + w₂²) and descends. The intercept is not penalized: it is held at 0, its best for any weights.
"""

from typing import Annotated

import numpy as np

from animate import (
    LearningRate, Noise, OwnData, Range, SampleSize, Scene, Seed, Timeline, Updates, datasets, descend, formatting,
    marks, objectives, optimizers, panels, say, sentences,
)
from animate.learn import FeatureData, convergence, landscape, lasso

ANGLES = np.linspace(0.0, 2.0 * np.pi, 121)
# Weights of penalty 1: |w₁| + |w₂| = 1 for the lasso, the root of w₁² + w₂² for ridge
SHAPES = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0], [1.0, 0.0]]), np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=-1)
NORMS = 1, 2


def geometry_panel(values: landscape.Profile, runs: list[panels.Run], ends: list[np.ndarray], rests: list[int | None]) -> panels.LossSurface:
    """Return the loss over two weights, the shape of each run's penalty now, and once at rest the contour it touches.

    ``ends`` are the least squares, then the optimum of each run; ``rests`` the update from which each stays there.
    """
    paths, contours = [run.trajectory.params[:, :2] for run in runs], [landscape.quadratic_contour(values.values, ends[0], end) for end in ends[1:]]
    outlines = [np.linalg.norm(end, norm) * shape for end, norm, shape in zip(ends[1:], NORMS, SHAPES, strict=True)]
    still = np.concatenate([ends, [[0.0, 0.0]], *(path[:1] for path in paths)])
    reach = 2.0 * max(float(np.abs(still).max()), 1e-9)
    extra: list[marks.Mark] = [
        marks.Rule(x=0.0, color="muted 70%", width=(1.2, 0.8), layer=1.5), marks.Rule(y=0.0, color="muted 70%", width=(1.2, 0.8), layer=1.5)
    ]
    held = np.concatenate([still, *outlines, *(np.clip(path[np.isfinite(path).all(axis=1)], -reach, reach) for path in paths)])
    margin = 0.11 * max(float(np.ptp(held, axis=0).max()), 1e-9)
    (left, low), (right, high) = held.min(axis=0) - margin, held.max(axis=0) + margin
    for run, path, norm, shape, contour, rest in zip(runs, paths, NORMS, SHAPES, contours, rests, strict=True):
        with np.errstate(all="ignore"):  # a run that diverges
            sizes = np.linalg.norm(path, norm, axis=1)
        outline = sizes[:, None, None] * np.where(np.isfinite(sizes)[:, None, None], shape, np.nan)
        never = run.trajectory.n_updates + 1
        hidden = [contour[:0]] * (never if rest is None else rest)
        extra += [
            marks.Line(marks.per_update(outline), color=run.role, width=(2.4, 1.0), join="miter", layer=3, name="penalty"),
            marks.Line(marks.per_update([*hidden, contour] if rest is not None else hidden), color=run.role, width=(1.8, 1.0),
                       dash=(3, 2.5), layer=3, name="contour"),
        ]
    roles, sides = ["ink", *(run.role for run in runs)], np.linspace(0, 1, 40)[:, None, None]
    extra += [marks.Points([end], marker="*", size=(17, 9), color=role, edge="surface_low", edge_width=(1.2, 0.7), layer=6)
              for end, role in zip(ends, roles, strict=True)]
    extra.append(marks.Labels(
        ends, [("least squares", "λ = 0"), *(run.name.lower() for run in runs)], color=roles,
        avoid=np.concatenate([*paths, *contours, *((one[:-1] + sides * np.diff(one, axis=0)).reshape(-1, 2) for one in outlines)]),
    ))
    return panels.LossSurface(
        values=values.values, runs=runs, limits=((left, right), (low, high)), names=("w₁", "w₂"), equal_units=True, extra=extra,
        title=("Loss and penalty", "Loss, penalty"), note="½ mean r²", weight=1.35,
    )  # fmt: skip


def build(
    penalty: Annotated[float, Range(0.0, 10.0), "λ of both; from 1 on the lasso’s weights are all 0"] = 0.45,
    learning_rate: Annotated[LearningRate, "η of both"] = 0.08,
    n_updates: Annotated[Updates, "Updates"] = 100,
    correlation: Annotated[float, Range(-0.99, 0.99), "Of the two features drawn"] = 0.5,
    n_samples: SampleSize = 80,
    noise: Noise = 0.8,
    start: Annotated[tuple[float, float] | None, "First w₁ and w₂; none: least squares"] = None,
    seed: Seed = 1,
    data: Annotated[OwnData, "Your own two features and y, or x and y: then x² is the second feature"] = None,
) -> Scene:
    points = FeatureData.from_table(data) if data else datasets.correlated_features(
        n_samples, (2.0, 0.5), correlation=correlation, noise=noise, rng=seed
    )
    lasso_objective = lasso.lasso(points.standardized, points.standardized_y, lasso_penalty=penalty)
    ridge = objectives.linear(points.standardized, points.standardized_y, loss="half_squared", ridge_penalty=penalty)
    least_squares = lasso_objective.smooth.optimum()
    first = least_squares if start is None else np.append(start, least_squares[-1])
    runs = [
        panels.Run("Lasso", lasso.proximal_descend(lasso_objective, learning_rate, first, n_updates), "first"),
        panels.Run("Ridge", descend(ridge, optimizers.gradient_descent(learning_rate), first, n_updates), "second"),
    ]
    ends = [least_squares[:2], lasso_objective.optimum()[:2], ridge.optimum()[:2]]
    with np.errstate(all="ignore"):
        ways = [np.hypot(*(run.trajectory.params[:, :2] - end).T) for run, end in zip(runs, ends[1:], strict=True)]
    since = [convergence.settling_update(way, max(0.01 * way[0], 1e-12)) for way in ways]
    weights = np.concatenate([run.trajectory.params[:, :2] for run in runs], axis=1)
    zeros = [lasso.zero_since(weights[:, axis]) for axis in (0, 1)]
    axis = 0 if zeros[1] is None and zeros[0] is not None else 1
    name, zero, rests = f"w{'₁₂'[axis]}", zeros[axis], None if None in since else max(at for at in since if at is not None)
    flat = bool((lasso_objective.optimum()[:2] == 0).all())
    circle = bool((np.abs(ridge.optimum()[:2]) > 1e-9).all())
    rest = (
        say("At rest: both weights of the lasso are exactly 0, the penalty outweighs the pull of the loss.", "At rest: both lasso weights are 0.",
            when=None if rests is None or not flat else rests)
        or say("At rest: a contour of the loss touches the diamond in its corner, the circle where no weight is 0.",
               "At rest: the diamond touches in its corner.", when=rests if zero is not None and circle else None)
        or say("At rest: a contour of the loss touches the diamond on a side: λ is too small for a 0.",
               "At rest: it touches on a side.", when=rests if zero is None and penalty > 0 else None)
        or say("At rest: without a penalty both rest at least squares.", "At rest at least squares.", when=rests if penalty == 0 else None)
        or say("At rest: contours of the loss touch the shapes.", when=rests)
        or say("Not at rest yet: more updates would lead on.", "Not at rest yet.")
    )
    last = [", ".join(formatting.number(weight, 3) for weight in run.trajectory.final[:2]) for run in runs]
    # where a gradient step of the loss alone leads from the weight before each update
    symbol, paths = f"w_{axis + 1}", [run.trajectory.params for run in runs]
    with np.errstate(all="ignore"):  # a run that diverges
        (lasso_path, lasso_step), (ridge_path, ridge_step) = (
            (path[:, axis], np.array([np.nan, *(at[axis] - learning_rate * lasso_objective.smooth.gradient(at)[axis] for at in path[:-1])]))
            for path in paths
        )
    return Scene(
        title=("Why does the lasso set a weight to exactly zero?", "Why does the lasso reach zero?"),
        caption=[
            (0, ("The diamond is all weights with the lasso’s penalty now, the circle those with ridge’s.",
                 "Diamond and circle: weights of equal penalty.")),
            (2, say("Each update the lasso takes off up to ηλ, however small w is; ridge takes ηλ of w, ever less.",
                    "Lasso takes off up to ηλ, ridge ηλ of w.", when=penalty > 0)),
            (zero, say("From update {when} on the lasso’s {name} is exactly 0: a proximal step stops at 0, not past it.",
                       "{name} is exactly 0 from update {when} on.", when=zero, name=name)),
            (n_updates if rests is None else rests, rest),
        ],
        panels=[
            geometry_panel(landscape.Profile(lasso_objective.smooth), runs, ends, since),
            [
                panels.Traces(
                    values=weights, names=[("lasso w₁", "w₁"), ("lasso w₂", "w₂"), ("ridge w₁", "w₁"), ("ridge w₂", "w₂")],
                    targets=np.concatenate(ends[1:]), decimals=3,
                    roles=("first", "first", "second", "second"), title=("Weights at each update", "Weights"),
                ),
                panels.Formula(
                    rules=[
                        [panels.Term(f"${symbol}$", lasso_path), r"$\leftarrow$", panels.Term("$v$", lasso_step), "$-$",
                         panels.Term(r"$\mathrm{clip}_{\eta\lambda}(v)$", np.clip(lasso_step, -learning_rate * penalty, learning_rate * penalty))],
                        [panels.Term(f"${symbol}$", ridge_path), r"$\leftarrow$", panels.Term("$v$", ridge_step), "$-$",
                         panels.Term.before(rf"$\eta\lambda\,{symbol}$", learning_rate * penalty * ridge_path)],
                    ],
                    roles=[run.role for run in runs],
                    title=(f"Each update of {name}: v after a gradient step", f"{name}: v after a gradient step"),
                ),
            ],
        ],
        timeline=Timeline(n_updates, seconds=7.0, pace="log"),
        alt=sentences(
            say("Paths of two weights from {start} under a penalty λ of {penalty:g}. The lasso ends at {lasso}, ridge at {ridge};",
                start="least squares" if start is None else "a chosen start", penalty=penalty, lasso=last[0], ridge=last[1]),
            say("the lasso’s {name} is 0 from update {when} on.", when=zero, name=name) or "no weight of the lasso is 0 at the end.",
        ),
    )  # fmt: skip
