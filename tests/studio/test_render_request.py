"""Wishes of a page: checked where they arrive."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from animate.studio.messages import RenderRequest, RequestError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def test_what_is_left_out_has_its_default() -> None:
    assert RenderRequest.of({"scene": "momentum", "share": 0.5}) == RenderRequest("momentum", share=0.5)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_moment_lies_in_the_animation(share: float) -> None:
    assert 0.0 <= (RenderRequest.of({"scene": "a", "share": share}).share or 0.0) <= 1.0


def test_a_moment_larger_than_any_float_is_the_end() -> None:
    assert RenderRequest.of({"scene": "a", "share": 10**400}).share == 1.0


@pytest.mark.parametrize(
    "field",
    [
        {"scene": None},
        {"scene": 3},
        {"scene": "x" * 2001},
        {"texts": ["learning_rate"]},
        {"texts": {"learning_rate": 0.1}},
        {"texts": {str(number): "" for number in range(65)}},
        {"size": 800},
        {"share": float("nan")},
        {"share": "0.5"},
        {"share": True},
        {"update": 1.5},
        {"update": 10**12},
        {"density": "2"},
        {"density": float("inf")},
        {"data": "maybe"},
    ],
)
def test_what_no_page_sends_is_refused(field: dict[str, Any]) -> None:
    with pytest.raises(RequestError):
        RenderRequest.of({"scene": "momentum", **field})


@given(
    st.dictionaries(
        st.sampled_from(
            ["scene", "texts", "size", "theme", "share", "update", "keep_limits", "columns", "density", "data", "rough"]
        ),
        JSON,
    )
)
def test_any_message_is_a_request_or_is_refused(message: dict[str, Any]) -> None:
    try:
        request = RenderRequest.of(message)
    except RequestError:
        return
    assert isinstance(request.scene, str)
    assert all(isinstance(text, str) for text in request.texts.values())
