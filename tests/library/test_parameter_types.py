"""Types of usual parameters become parameters with their range and help, which a script can replace."""

from __future__ import annotations

from typing import Annotated

from animate import LearningRate, Noise, OwnData, Range, SampleSize, Seed, StartLine, Updates
from animate.library.signature import parameters_of


def test_each_type_brings_its_range_and_help() -> None:
    def build(
        learning_rate: LearningRate = 0.1, n_updates: Updates = 10, seed: Seed = 0, noise: Noise = 0.0
    ) -> None: ...

    rate, updates, seed, noise = parameters_of(build)
    assert (rate.kind, str(rate.range), rate.help) == ("float", "1e-10 to 10", "Step size")
    assert [one.kind for one in (updates, seed, noise)] == ["int", "int", "float"]
    assert all(one.range and one.help for one in (rate, updates, seed, noise))


def test_a_script_replaces_help_and_range_of_a_type() -> None:
    def build(n_samples: Annotated[SampleSize, Range(2, 9), "Few points"] = 5) -> None: ...

    (n_samples,) = parameters_of(build)
    assert (str(n_samples.range), n_samples.help) == ("2 to 9", "Few points")


def test_types_of_what_may_be_left_out_allow_none() -> None:
    def build(rate: LearningRate | None = None, start: StartLine = None, data: OwnData = None) -> None: ...

    rate, start, data = parameters_of(build)
    assert (rate.optional, str(rate.range)) == (True, "1e-10 to 10")
    assert (start.optional, start.n_values, data.kind) == (True, 2, "data")


def test_help_beside_none_replaces_that_of_the_type() -> None:
    def build(rate: Annotated[LearningRate | None, "None: tuned"] = None) -> None: ...

    assert parameters_of(build)[0].help == "None: tuned"
