"""A parameter reads, checks and writes its values, and says plainly what it refuses."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from animate.errors import UsageError
from animate.learn.tables import shipped_table
from animate.library.parameters import Parameter, Range

RATE = Parameter("learning_rate", "float", 0.03, range=Range(1e-4, 1.0, scale="log"))
N_SAMPLES = Parameter("n_samples", "int", 60, range=Range(5, 500))
START = Parameter("start", "floats", None, optional=True, n_values=2)
DATASET = Parameter("dataset", "choice", "linear", choices=("linear", "outliers", "two_groups"))
SHUFFLE = Parameter("shuffle", "bool", True)
LABEL = Parameter("label", "str", None, optional=True)
DATA = Parameter("data", "data", None, optional=True)


@pytest.mark.parametrize(
    ("parameter", "text", "value"),
    [
        (RATE, "0.05", 0.05),
        (RATE, "1e-4", 1e-4),
        (RATE, "1", 1.0),
        (N_SAMPLES, "7", 7),
        (N_SAMPLES, "1e2", 100),
        (N_SAMPLES, "7.0", 7),
        (START, "1,-2.5", (1.0, -2.5)),
        (START, "(1, -2.5)", (1.0, -2.5)),
        (START, "none", None),
        (DATASET, "outliers", "outliers"),
        (SHUFFLE, "yes", True),
        (SHUFFLE, "Off", False),
        (LABEL, "a, b = c", "a, b = c"),
        (LABEL, "None", None),
    ],
)
def test_text_is_read_as_its_value(parameter: Parameter, text: str, value: object) -> None:
    read = parameter.parse(text)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("parameter", "text", "message"),
    [
        (RATE, "fast", "learning_rate must be a number; got 'fast'."),
        (RATE, "0,05", "learning_rate must be a number; got '0,05'."),
        (RATE, "nan", "learning_rate must be finite; got nan."),
        (RATE, "-inf", "learning_rate must be finite; got -inf."),
        (RATE, "3", "learning_rate must be between 0.0001 and 1; got 3."),
        (RATE, "", "learning_rate must be a number; got ''."),
        (RATE, "none", "learning_rate must be a number; got 'none'."),
        (N_SAMPLES, "7.5", "n_samples must be a whole number; got '7.5'."),
        (N_SAMPLES, "inf", "n_samples must be a whole number; got 'inf'."),
        (N_SAMPLES, "nan", "n_samples must be a whole number; got 'nan'."),
        (N_SAMPLES, "9" * 5000, "n_samples must be a whole number; got '9999"),
        (N_SAMPLES, "4", "n_samples must be between 5 and 500; got 4."),
        (START, "1", "start must be 2 numbers separated by commas, or none; got '1'."),
        (START, "1,x", "start must be 2 numbers separated by commas, or none; got '1,x'."),
        (START, "1,nan", "start must be finite; got nan."),
        (DATASET, "outlier", "dataset must be one of linear, outliers, two_groups; got 'outlier'. Did"),
        (SHUFFLE, "maybe", "shuffle must be true or false; got 'maybe'."),
        (DATA, "norris.csv", "data is a file: give it with --data FILE, not with --set."),
    ],
)  # fmt: skip
def test_text_that_does_not_fit_is_refused_in_one_line(parameter: Parameter, text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parameter.parse(text)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("parameter", "value", "plain"),
    [
        (RATE, 1, 1.0),
        (RATE, np.float32(0.5), 0.5),
        (N_SAMPLES, np.int64(7), 7),
        (N_SAMPLES, 7.0, 7),
        (START, [1, 2], (1.0, 2.0)),
        (START, np.array([1.0, 2.0]), (1.0, 2.0)),
        (START, None, None),
    ],
)
def test_values_from_python_become_plain_ones(parameter: Parameter, value: object, plain: object) -> None:
    assert parameter.check(value) == plain
    assert type(parameter.check(value)) is type(plain)


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        (RATE, "0.05"),
        (RATE, True),
        (RATE, None),
        (RATE, math.nan),
        (RATE, 10**400),
        (N_SAMPLES, True),
        (N_SAMPLES, 7.5),
        (N_SAMPLES, "7"),
        (START, "12"),
        (START, 1.0),
        (START, (1.0, 2.0, 3.0)),
        (DATASET, 1),
        (SHUFFLE, 1),
        (LABEL, 1),
        (LABEL, "none"),
        (DATA, 7),
    ],
)
def test_values_of_another_kind_are_refused(parameter: Parameter, value: object) -> None:
    with pytest.raises(UsageError, match=f"^{parameter.name} must be "):
        parameter.check(value)


def test_a_table_is_the_value_of_a_data_parameter() -> None:
    table = shipped_table("norris")
    assert DATA.check(table) is table


@given(st.floats(1e-4, 1.0))
def test_a_float_comes_back_from_its_text(value: float) -> None:
    assert RATE.parse(RATE.text(value)) == value


@given(st.none() | st.tuples(st.floats(allow_nan=False, allow_infinity=False), st.floats(-1.0, 1.0)))
def test_a_tuple_comes_back_from_its_text(value: tuple[float, float] | None) -> None:
    assert START.parse(START.text(value)) == value


@given(st.none() | st.text())
def test_a_str_comes_back_from_its_text(value: str | None) -> None:
    if value is None or value.strip().lower() != "none":
        assert LABEL.parse(LABEL.text(value)) == value


@pytest.mark.parametrize("value", [True, False])
def test_a_bool_comes_back_from_its_text(value: bool) -> None:
    assert SHUFFLE.parse(SHUFFLE.text(value)) is value


@given(st.text())
def test_any_text_is_read_or_refused_by_a_usage_error(text: str) -> None:
    for parameter in (RATE, N_SAMPLES, START, DATASET, SHUFFLE, LABEL):
        try:
            value = parameter.parse(text)
        except UsageError as error:
            assert parameter.name in str(error)
        else:
            assert parameter.check(value) == value


@pytest.mark.parametrize(
    ("low", "high", "scale", "message"),
    [
        (1.0, 1.0, "linear", "low must be below high"),
        (2.0, 1.0, "linear", "low must be below high"),
        (0.0, math.inf, "linear", "low must be below high"),
        (math.nan, 1.0, "linear", "low must be below high"),
        (0.0, 1.0, "log", "low must be above 0 on a log scale"),
        (0.1, 1.0, "logarithmic", "scale must be 'linear' or 'log'"),
    ],
)
def test_a_range_that_is_none_is_refused(low: float, high: float, scale: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Range(low, high, scale)  # type: ignore[arg-type]


def test_both_ends_belong_to_a_range() -> None:
    assert 0.0 in Range(0.0, 1.0)
    assert 1.0 in Range(0.0, 1.0)
    assert math.nan not in Range(0.0, 1.0)  # noqa: PLW0177 - that no comparison holds is what is tested
