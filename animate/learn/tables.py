"""Tables read from CSV files; every error names file, row and column.

Rows are counted as an editor counts lines: the column names are usually row 1, the first values row 2.
"""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np

from animate.errors import DataError, did_you_mean, listed, shortened
from animate.learn.validation import Floats

DELIMITERS = (",", ";", "\t", "|")
LARGEST = 1e100
"""Largest number allowed: sums of squares of larger numbers overflow."""

_Row = tuple[int, tuple[str, ...]]
_MISSING = {"", "na", "n/a", "nan", "null", "none", "?", "-", "."}


@dataclass(frozen=True)
class Table:
    """Cells of a CSV file as text, converted to numbers or labels on request.

    Attributes
    ----------
    source : str
        The file, as errors name it.
    names : tuple of str
        Column names, all different.
    cells : tuple of tuples of str
        One tuple per row, as long as `names`.
    row_numbers : tuple of int
        The line of each row in the file.
    delimiter : str
        Unless it is a comma, a comma within a number is a decimal comma.
    """

    source: str
    names: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    row_numbers: tuple[int, ...]
    delimiter: str = ","

    @property
    def n_rows(self) -> int:
        """Number of rows, the column names not counted."""
        return len(self.cells)

    def select(self, columns: Sequence[str]) -> Table:
        """Return the table of some columns, in the order given.

        Raises
        ------
        DataError
            If there is no such column, or one is named twice.
        """
        indices = [self._index(name) for name in columns]
        _refuse_duplicates(columns, self.source, "the columns asked for")
        cells = tuple(tuple(row[index] for index in indices) for row in self.cells)
        return Table(self.source, tuple(columns), cells, self.row_numbers, self.delimiter)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the text of the cells of a column.

        Raises
        ------
        DataError
            If there is no such column.
        """
        index = self._index(name)
        return tuple(row[index] for row in self.cells)

    def numbers(self, name: str) -> Floats:
        """Return the numbers of a column, shape (n_rows,), all finite.

        Raises
        ------
        DataError
            If there is no such column, or a cell is empty, not a number, not finite, or larger than `LARGEST`.
        """
        texts = self.texts(name)
        has_point = any("." in text for text in texts)
        values = [self._number(text, row, name, has_point) for text, row in zip(texts, self.row_numbers, strict=True)]
        return np.array(values, dtype=float)

    def labels(self, name: str) -> tuple[str, ...]:
        """Return the labels of a column, none of them empty.

        Raises
        ------
        DataError
            If there is no such column, or a cell is empty.
        """
        texts = self.texts(name)
        for text, row in zip(texts, self.row_numbers, strict=True):
            if text.lower() in ("", "nan", "na", "n/a"):
                raise DataError(f"{self._place(row, name)}: a label is missing; got {text!r}")
        return texts

    def is_numeric(self, name: str) -> bool:
        """Return whether every cell of a column is a finite number.

        Raises
        ------
        DataError
            If there is no such column.
        """
        self._index(name)
        try:
            self.numbers(name)
        except DataError:
            return False
        return True

    def _index(self, name: str) -> int:
        if name in self.names:
            return self.names.index(name)
        hint = did_you_mean(name, self.names)
        raise DataError(f"{self.source}: no column {shortened(name)!r}; it has {listed(self.names)}.{hint}")

    def _place(self, row: int, name: str) -> str:
        return f"{self.source}, row {row}, column {shortened(name)!r}"

    def _number(self, text: str, row: int, name: str, has_point: bool) -> float:
        shown = repr(shortened(text))
        if text.lower() in _MISSING:
            what = "the cell is empty" if not text else f"a number is missing; got {shown}"
            raise DataError(f"{self._place(row, name)}: {what}")
        decimal_comma = self.delimiter != "," and text.count(",") == 1 and not has_point
        try:
            value = float(text.replace(",", ".") if decimal_comma else text)
        except ValueError:
            raise DataError(f"{self._place(row, name)}: a number is expected; got {shown}") from None
        if "_" in text:
            raise DataError(f"{self._place(row, name)}: a number is expected; got {shown}")
        if not math.isfinite(value):
            raise DataError(f"{self._place(row, name)}: the number must be finite; got {shown}")
        if abs(value) > LARGEST:
            raise DataError(f"{self._place(row, name)}: the number must be at most {LARGEST:g} in size; got {shown}")
        return value


def read_csv(path: str | Path, columns: Sequence[str] | None = None) -> Table:
    """Return the table in a CSV file.

    The first line that is not blank names the columns. Delimiters are comma, semicolon, tab or bar, found by looking;
    with any but the comma, numbers may have a decimal comma. UTF-8 (with or without byte-order mark), UTF-16 with
    byte-order mark and Windows-1252 are read; blank lines are passed over; fields may be quoted.

    Parameters
    ----------
    path : str or Path
    columns : sequence of str, optional
        The columns to keep, in this order; all of them where it is left out.

    Raises
    ------
    DataError
        If the file cannot be read, is no table of at least two rows, or lacks a column.
    """
    return table_in(_read(Path(path)), str(path), columns)


def table_in(content: bytes, source: str, columns: Sequence[str] | None = None) -> Table:
    r"""Return the table in the bytes of a CSV file; `source` is its name in errors.

    Raises
    ------
    DataError
        If it is no table of at least two rows, or lacks a column.

    Examples
    --------
    >>> table_in(b"x,y\n1,2\n3,4\n", "dropped.csv").numbers("y").tolist()
    [2.0, 4.0]
    """
    table = parse_csv(_decode(content, source), source)
    return table if columns is None else table.select(columns)


def load_table(name: str) -> Table:
    """Return a table that ships with the package: "anscombe", "norris" or "penguins".

    Raises
    ------
    DataError
        If there is none of that name.

    References
    ----------
    norris: NIST Statistical Reference Datasets, linear regression. penguins: A. M. Horst, A. P. Hill and K.
    B. Gorman, "palmerpenguins" (2020), CC0. anscombe: F. J. Anscombe, "Graphs in statistical analysis", The
    American Statistician 27 (1973), 17-21.

    Examples
    --------
    >>> load_table("norris").n_rows
    36
    """
    folder = resources.files("animate") / "csv"
    known = sorted(entry.name[: -len(".csv")] for entry in folder.iterdir() if entry.name.endswith(".csv"))
    if name not in known:
        raise DataError(f"data set must be one of {', '.join(known)}; got {name!r}.{did_you_mean(name, known)}")
    return parse_csv((folder / f"{name}.csv").read_text(encoding="utf-8"), f"{name}.csv")


def parse_csv(text: str, source: str) -> Table:
    r"""Return the table in CSV text; `source` is its name in errors.

    Raises
    ------
    DataError
        If it is no table of at least two rows.

    Examples
    --------
    >>> table = parse_csv("x;y\n0,5;1\n1,5;2\n", "example.csv")
    >>> table.names, table.numbers("x").tolist()
    (('x', 'y'), [0.5, 1.5])
    """
    delimiter = _find_delimiter([line for line in text.splitlines() if line.strip()])
    lines = _split(text, delimiter, source)
    if not lines:
        raise DataError(f"{source}: the file is empty; its first line must name the columns")
    (_, header), *rows = _without_empty_end(lines)
    names = _column_names(header, source)
    for number, row in rows:
        if len(row) != len(names):
            expected = _count(len(names), "cell")
            raise DataError(f"{source}, row {number}: {expected} expected, one per column; got {len(row)}")
    if len(rows) < 2:
        found = "one row" if rows else "only column names"
        raise DataError(f"{source}: at least two rows of values are needed; got {found}")
    return Table(source, names, tuple(row for _, row in rows), tuple(number for number, _ in rows), delimiter)


def _without_empty_end(rows: list[_Row]) -> list[_Row]:
    """Return the rows without an empty last column, which results from lines that end in a delimiter."""
    width = len(rows[0][1])
    if width > 1 and all(len(row) == width and not row[-1] for _, row in rows):
        return [(number, row[:-1]) for number, row in rows]
    return rows


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _read(path: Path) -> bytes:
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


def _decode(content: bytes, source: str) -> str:
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise DataError(f"{source}: a CSV file is expected; got a spreadsheet. Save it as CSV first")
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
    """Return the delimiter that most lines contain as often as the first line."""

    def agreement(delimiter: str) -> tuple[int, int]:
        counts = [_outside_quotes(line, delimiter) for line in lines[:100]]
        return (counts.count(counts[0]), counts[0]) if counts and counts[0] else (0, 0)

    return max(DELIMITERS, key=agreement)


def _outside_quotes(line: str, delimiter: str) -> int:
    return sum(part.count(delimiter) for part in line.split('"')[::2])


def _split(text: str, delimiter: str, source: str) -> list[_Row]:
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
    rows: list[_Row] = []
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
        raise DataError(f"{source}, row {first}: a quoted cell is not closed ({error})") from error
    return rows


def _column_names(header: Sequence[str], source: str) -> tuple[str, ...]:
    names = tuple(name or f"column {index}" for index, name in enumerate(header, start=1))
    if all(_is_number(name) for name in names):
        raise DataError(f"{source}: the first line must name the columns; got numbers: {listed(names)}")
    _refuse_duplicates(names, source, "column names")
    return names


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True


def _refuse_duplicates(names: Sequence[str], source: str, what: str) -> None:
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice:
        shown = listed([repr(name) for name in twice])
        raise DataError(f"{source}: {what} must differ; got {shown} more than once")
