"""The signature of ``build`` is the only source of a scene's parameters."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Optional

import pytest

from animate.learn.tables import Table
from animate.library.parameters import Range
from animate.library.signature import SignatureError, parameters_of


def test_every_kind_of_parameter_is_read_from_the_signature() -> None:
    def build(
        rate: Annotated[float, Range(1e-4, 1.0, scale="log"), "Step size"] = 0.03,
        n_samples: Annotated[int, "Points", Range(5, 500)] = 60,
        shuffle: bool = True,
        label: str = "x",
        dataset: Literal["linear", "outliers"] = "linear",
        start: tuple[float, float] | None = None,
        weights: tuple[float, ...] = (1.0,),
        *,
        data: Table | None = None,
    ) -> None: ...

    found = {parameter.name: parameter for parameter in parameters_of(build)}
    assert [parameter.kind for parameter in found.values()] == [
        "float", "int", "bool", "str", "choice", "floats", "floats", "data",
    ]  # fmt: skip
    assert found["rate"].range == Range(1e-4, 1.0, scale="log")
    assert found["rate"].help == "Step size"
    assert found["n_samples"].range == Range(5, 500)
    assert found["dataset"].choices == ("linear", "outliers")
    assert found["start"].optional
    assert found["start"].n_values == 2
    assert found["weights"].n_values is None


def test_none_is_allowed_inside_and_outside_of_annotated() -> None:
    def build(
        a: Annotated[float | None, Range(0, 1), "help"] = None,
        b: Optional[Annotated[float, Range(0, 1), "help"]] = None,  # noqa: UP045 - both spellings must work
        c: Annotated[float, Range(0, 1), "help"] | None = None,
    ) -> None: ...

    for parameter in parameters_of(build):
        assert (parameter.kind, parameter.optional, parameter.range, parameter.help) == (
            "float", True, Range(0, 1), "help",
        )  # fmt: skip


def test_a_whole_number_as_default_of_a_float_becomes_a_float() -> None:
    def build(rate: float = 1) -> None: ...

    assert type(parameters_of(build)[0].default) is float


def untyped(rate=0.1): ...  # type: ignore[no-untyped-def]
def without_default(rate: float) -> None: ...
def positional_only(rate: float = 0.1, /) -> None: ...
def any_number(*rates: float) -> None: ...
def any_keywords(**rates: float) -> None: ...
def unsupported(rates: list[float] = [0.1]) -> None: ...  # noqa: B006 - the type is refused first
def mixed(rate: float | str = 0.1) -> None: ...
def numbers_as_choices(n: Literal[1, 2] = 1) -> None: ...
def wrong_default(rate: float = "fast") -> None: ...  # type: ignore[assignment]
def default_out_of_range(rate: Annotated[float, Range(0, 1)] = 2.0) -> None: ...
def none_without_saying_so(rate: float = None) -> None: ...  # type: ignore[assignment]  # noqa: RUF013
def range_of_a_word(name: Annotated[str, Range(0, 1)] = "a") -> None: ...
def data_with_another_name(points: Table | None = None) -> None: ...
def data_required(data: Table = None) -> None: ...  # type: ignore[assignment]
def name_that_is_nowhere(rate: "Flaot" = 0.1) -> None: ...  # type: ignore[name-defined]  # noqa: F821, UP037


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (untyped, "parameter rate of build must have a type"),
        (without_default, "parameter rate of build must have a default"),
        (positional_only, "must take parameters by name"),
        (any_number, r"build takes \*rates"),
        (any_keywords, r"build takes \*\*rates"),
        (unsupported, r"type of parameter rates of build must be .*; got list\[float\]"),
        (mixed, r"type of parameter rate of build must be .*; got float \| str"),
        (numbers_as_choices, "type of parameter n of build must be"),
        (wrong_default, "default .* rate must be a number; got 'fast'"),
        (default_out_of_range, "default .* rate must be between 0 and 1; got 2"),
        (none_without_saying_so, "default .* rate must be a number; got None"),
        (range_of_a_word, "parameter name of build has a Range, which only numbers can have"),
        (data_with_another_name, "must be named data; got points"),
        (data_required, r"must be written `data: Table \| None = None`"),
        (name_that_is_nowhere, "cannot be read: name 'Flaot' is not defined"),
    ],
)
def test_a_signature_that_says_too_little_is_refused(build: Any, message: str) -> None:
    with pytest.raises(SignatureError, match=message):
        parameters_of(build)
