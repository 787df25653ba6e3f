"""What travels between page, server and workers: a JSON header, and bytes behind it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

HEADER_LENGTH_BYTES = 4


def pack(header: Mapping[str, Any], parts: Iterable[bytes | memoryview] = ()) -> bytes:
    r"""Return a message: the length of its header in four bytes (big-endian), the header as JSON, the parts.

    >>> pack({"type": "hi"}, [b"there"])
    b'\x00\x00\x00\r{"type":"hi"}there'
    """
    # Half a surrogate pair, from a page or a file's name, is no Unicode: it becomes a question mark.
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode(errors="replace")
    return b"".join([len(text).to_bytes(HEADER_LENGTH_BYTES, "big"), text, *parts])


def unpack(message: bytes) -> tuple[dict[str, Any], memoryview]:
    """Return the header of a message and the bytes behind it.

    Raises
    ------
    ValueError
        If it is no such message.

    >>> header, body = unpack(pack({"type": "hi"}, [b"there"]))
    >>> header, bytes(body)
    ({'type': 'hi'}, b'there')
    """
    end = HEADER_LENGTH_BYTES + int.from_bytes(message[:HEADER_LENGTH_BYTES], "big")
    if len(message) < end:
        raise ValueError("a message ends before its header does")
    try:
        header = json.loads(message[HEADER_LENGTH_BYTES:end])
    except RecursionError:
        raise ValueError("the header of a message must not be nested so deeply") from None
    if not isinstance(header, dict):
        raise ValueError("the header of a message must be an object")
    return header, memoryview(message)[end:]
