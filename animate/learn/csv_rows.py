"""Rows of cells from the bytes of a CSV file: encoding, delimiter, quotes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

from animate.errors import DataError, did_you_mean

DELIMITERS = (",", ";", "\t", "|", " ")

MOST_TITLES = 20
"""Lines above the column names that are looked at."""

_OTHER_FILES = {
    "a spreadsheet. Save it as CSV or .xlsx first": rb"PK\x03\x04|\xd0\xcf\x11\xe0",
    "a compressed file. Unpack it first": rb"\x1f\x8b|BZh\d|\xfd7zXZ|\x28\xb5\x2f\xfd",
    "a file of pandas or Arrow. Save it as CSV first": rb"PAR1|ARROW1|\x80[\x02-\x05]",
    "JSON. Save it as CSV first": rb"\s*(?:\{\s*\"|\[\s*[{\[])",
    "a web page. Save the table as CSV first": rb"(?i)\s*<(?:!doctype|html|table|\?xml)",
}
"""By what a file is, and what to do with it, the bytes at its beginning."""

Row = tuple[int, tuple[str, ...]]
"""The number of a line, and the texts of its cells."""


def rows_of(text: str, source: str) -> tuple[list[Row], str]:
    r"""Return the rows of CSV text that are not blank, and the delimiter of its columns.

    Raises
    ------
    DataError
        If a quoted cell is not closed.

    Examples
    --------
    >>> rows_of("x;y\n0,5;1\n", "example.csv")
    ([(1, ('x', 'y')), (2, ('0,5', '1'))], ';')
    """
    delimiter = _find_delimiter([line for line in text.splitlines() if line.strip()])
    if declared := re.match(r"sep=(.)\r?\n", text):  # written by spreadsheets for themselves
        delimiter, text = declared[1], text[declared.end(1) :]
    return _split(text, delimiter, source), delimiter


def read_file(path: Path) -> bytes:
    """Return the bytes of a file of data.

    Raises
    ------
    DataError
        If it cannot be read; suggests a file with a similar name.
    """
    if path.is_dir():
        raise DataError(f"{path}: a CSV file is expected; got a folder")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such file{_near(path)}") from None
    except OSError as error:
        raise DataError(f"{path}: the file cannot be read: {error.strerror}") from error


def _near(path: Path) -> str:
    try:
        siblings = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return f"; nor is there a folder {path.parent}"
    hint = did_you_mean(path.name, siblings)
    return f".{hint}" if hint else ""


def decode(content: bytes, source: str) -> str:
    """Return the text of a CSV file.

    Raises
    ------
    DataError
        If it is neither UTF-8 nor Windows-1252, nor UTF-16 with a byte-order mark.
    """
    for kind, beginning in _OTHER_FILES.items():
        if re.match(beginning, content):
            raise DataError(f"{source}: a CSV file is expected; got {kind}")
    is_utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if is_utf_16 else ["utf-8-sig", "cp1252"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise DataError(f"{source}: the text cannot be read as UTF-8 or Windows-1252. Save it as CSV in UTF-8")


def _find_delimiter(lines: Sequence[str]) -> str:
    """Return the delimiter that most lines contain as often as the first line; spaces only if it has no other.

    If hardly any line has as many as the first one, a title above the table, the others decide.
    """

    def agreement(delimiter: str, first: int = 0) -> tuple[int, int]:
        counts = [_outside_quotes(line, delimiter) for line in lines[first:100]]
        return (counts.count(counts[0]), counts[0]) if counts and counts[0] else (0, 0)

    for first in range(len(lines[:MOST_TITLES])):
        others = [one for one in DELIMITERS if one != " " and 2 * agreement(one, first)[0] > len(lines[first:100])]
        if others:
            return max(others, key=lambda delimiter: agreement(delimiter, first))
    others = [delimiter for delimiter in DELIMITERS if delimiter != " " and agreement(delimiter)[1]]
    return max(others or DELIMITERS, key=agreement)


def _outside_quotes(line: str, delimiter: str) -> int:
    return sum(part.count(delimiter) for part in line.split('"')[::2])


def _split(text: str, delimiter: str, source: str) -> list[Row]:
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
    rows: list[Row] = []
    first = 1
    try:
        for row in reader:
            cells = tuple(cell.strip() for cell in row)
            if any(cells):
                rows.append((first, cells))
            first = reader.line_num + 1
    except csv.Error as error:
        if "field limit" in str(error):
            most = csv.field_size_limit()
            raise DataError(
                f"{source}, row {first}: a cell must have at most {most} characters; is a quote closed?"
            ) from error
        problem = "a quoted cell is not closed, or holds a quote that is not doubled"
        raise DataError(f"{source}, row {first}: {problem}") from error
    return rows
