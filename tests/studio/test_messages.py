"""Messages hold what was put in, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from animate.studio.messages import pack, unpack

JSON = st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers()))


@given(JSON, st.binary())
def test_a_message_gives_back_its_header_and_its_bytes(header: dict[str, object], body: bytes) -> None:
    found, rest = unpack(pack(header, [body]))
    assert found == header
    assert bytes(rest) == body


@given(st.binary(max_size=64))
def test_bytes_that_are_no_message_are_a_value_error(content: bytes) -> None:
    try:
        header, _ = unpack(content)
    except ValueError:
        return
    assert isinstance(header, dict)


def test_a_message_that_ends_too_early_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before its header"):
        unpack(pack({"type": "hi"})[:8])


def test_a_header_of_brackets_without_end_is_refused() -> None:
    header = b"[" * 100_000
    with pytest.raises(ValueError, match="nested so deeply"):
        unpack(len(header).to_bytes(4, "big") + header)


def test_half_a_surrogate_pair_is_sent_as_a_question_mark() -> None:
    assert unpack(pack({"scene": "a\ud800b"}))[0] == {"scene": "a?b"}
