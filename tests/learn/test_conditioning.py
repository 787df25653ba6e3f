"""What the Hessian's eigenvalues promise, against descents that were really made."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from animate.learn.conditioning import condition_number, first_update_within, stability_limit
from animate.learn.data import RegressionData
from animate.learn.datasets import line
from animate.learn.descent import descend
from animate.learn.objectives import LinearPredictor, linear, logistic
from animate.learn.optimizers import gradient_descent
from animate.learn.problems import linear_problem
from animate.learn.tables import shipped_table


def _objective(seed: int, n_features: int = 2) -> LinearPredictor:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(30, n_features)) * rng.uniform(0.3, 3.0, n_features)
    return linear(X, rng.normal(size=30))


def test_condition_number_equals_numpys() -> None:
    hessian = _objective(0).hessian()
    assert condition_number(hessian) == pytest.approx(np.linalg.cond(hessian), rel=1e-9)


def test_norris_in_raw_units_is_a_hairline_and_standardized_a_circle() -> None:
    data = RegressionData.from_table(shipped_table("norris"))
    raw, scaled = linear_problem(data), linear_problem(data, standardize=True)
    assert raw.objective.condition_number() == pytest.approx(7.3e5, rel=0.01)
    assert scaled.objective.condition_number() == pytest.approx(1.0, abs=1e-12)


def test_stability_limit_of_standardized_data_is_one_for_the_whole_square() -> None:
    # mean r^2 has the Hessian 2 I there, so 2 / λmax is 1.
    problem = linear_problem(line(50), standardize=True)
    assert problem.objective.stability_limit() == pytest.approx(1.0, rel=1e-12)


def test_collinear_columns_have_an_infinite_condition_number() -> None:
    x = np.arange(5.0)
    assert linear(np.column_stack([x, 2.0 * x]), x).condition_number() == float("inf")


def test_a_flat_objective_has_no_stability_limit() -> None:
    assert stability_limit(np.zeros((2, 2))) == float("inf")


@given(st.integers(0, 2**32 - 1), st.floats(0.05, 0.999))
def test_batch_descent_under_the_limit_never_raises_the_loss(seed: int, share: float) -> None:
    objective = _objective(seed)
    rate = share * objective.stability_limit()
    loss = descend(objective, gradient_descent(rate), [2.0, -1.0, 0.5], 60).loss
    assert (np.diff(loss) <= 1e-12 * loss[0]).all()


@given(st.integers(0, 2**32 - 1))
def test_batch_descent_over_the_limit_diverges(seed: int) -> None:
    objective = _objective(seed)
    path = descend(objective, gradient_descent(1.5 * objective.stability_limit()), [2.0, -1.0, 0.5], 1500)
    assert path.diverged_at is not None


@given(st.integers(0, 2**32 - 1), st.floats(0.02, 0.98), st.floats(1e-6, 3.0))
def test_updates_to_converge_is_the_first_update_that_stays_within(seed: int, share: float, tolerance: float) -> None:
    objective = _objective(seed)
    rate = share * objective.stability_limit()
    start = np.array([2.0, -1.0, 0.5])
    found = objective.updates_to_converge(rate, start, tolerance)
    assert found is not None
    assume(found < 5000)
    path = descend(objective, gradient_descent(rate), start, found + 50)
    distance = np.linalg.norm(path.params - objective.optimum(), axis=1)
    assert (distance[found:] <= tolerance * (1.0 + 1e-9)).all()
    assert found == 0 or distance[found - 1] > tolerance * (1.0 - 1e-9)


def test_a_start_on_the_optimum_needs_no_update() -> None:
    objective = _objective(3)
    assert objective.updates_to_converge(0.01, objective.optimum(), 1e-9) == 0


@pytest.mark.parametrize("share", [1.0, 1.001, 10.0])
def test_a_rate_from_the_limit_on_never_converges(share: float) -> None:
    objective = _objective(3)
    rate = share * objective.stability_limit()
    assert objective.updates_to_converge(rate, [5.0, 5.0, 5.0], 1e-3) is None


def test_a_slow_valley_is_counted_without_walking_it() -> None:
    # distance (1 - 1e-9)^k <= 1e-3: k = ln(1e-3) / ln(1 - 1e-9)
    found = first_update_within(np.diag([1e-9, 1.0]), np.array([1.0, 0.0]), learning_rate=1.0, tolerance=1e-3)
    assert found == pytest.approx(np.log(1e-3) / np.log1p(-1e-9), rel=1e-6)


def test_collinear_columns_end_beside_the_smallest_optimum() -> None:
    x = np.arange(5.0)
    objective = linear(np.column_stack([x, x]), x)
    assert objective.updates_to_converge(0.01, [3.0, 0.0, 0.0], 1e-3) is None


def test_updates_cannot_be_counted_ahead_off_quadratics() -> None:
    with pytest.raises(ValueError, match="loss must be squared or half_squared to count ahead; got 'log_loss'"):
        logistic([0.0, 1.0, 2.0, 3.0], [0, 1, 0, 1]).updates_to_converge(0.1, [0.0, 0.0], 1e-3)


def test_logistic_limit_at_the_optimum_is_that_of_its_hessian_there() -> None:
    objective = logistic([0.0, 1.0, 2.0, 3.0], [0, 1, 0, 1])
    largest = np.linalg.eigvalsh(objective.hessian(objective.optimum()))[-1]
    assert objective.stability_limit() == pytest.approx(2.0 / largest, rel=1e-12)
