"""Tables read from CSV files; every error names file, row and column.

Rows are counted as an editor counts lines: the column names are usually row 1, the first values row 2.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from itertools import compress
from pathlib import Path

import numpy as np

from animate.errors import DataError, DataNote, did_you_mean, listed, shortened
from animate.learn.csv_rows import Row, decode, read_file, rows_of
from animate.learn.number_formats import CellError, NumberColumn, decimal_of, is_missing, read_numbers
from animate.learn.table_layout import split_table
from animate.learn.validation import Floats

DECIMALS = (".", ",")
SKIP = "Leave such rows out with --skip-missing (skip_missing=True in Python)"
CHOOSE = "Name the ones to use with --columns A,B"
QUOTE = "Put a name with a comma in quotes within --columns"
CHOOSE_NUMBERS = "Name columns of numbers with --columns A,B"

_UNIT_AT_END = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])$")
_MISSING_LABELS = {"", "nan", "na", "n/a", "#n/a", "<na>"}
_ROWS_SAMPLED = 500
_LEAST_SUMMED = 3
_MOST_SUMMED = 8  # columns: no lesson takes more, and those of a wide table need not all be read


def listed_columns(names: Sequence[str]) -> str:
    """Return the names of columns as ``--columns`` takes them, separated by commas.

    >>> listed_columns(["day", "spend, USD"])
    'day, "spend, USD"'
    """
    return listed([f'"{name}"' if "," in name else name for name in names])


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
        The separator of columns.
    decimal : str
        The decimal separator, ``.`` or ``,``, if the user named it; else "".
    file_decimal : str
        The decimal separator that numbers of the file show; "" if they show none.
    """

    source: str
    names: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    row_numbers: tuple[int, ...]
    delimiter: str = ","
    decimal: str = ""
    file_decimal: str = ""

    @property
    def n_rows(self) -> int:
        """Number of rows, the column names not counted."""
        return len(self.cells)

    def select(self, columns: Sequence[str]) -> Table:
        """Return the table of some columns, in the order given; a name may leave out its unit in parentheses.

        Raises
        ------
        DataError
            If there is no such column, or one is named twice.
        """
        indices = [self._index(name) for name in columns]
        names = tuple(self.names[index] for index in indices)
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise DataError(f"{self.source}: columns must differ; got {listed(list(map(repr, twice)))} more than once")
        cells = tuple(tuple(row[index] for index in indices) for row in self.cells)
        return replace(self, names=names, cells=cells)

    def without_missing(self) -> Table:
        """Return the table without the rows in which a cell is empty; a `DataNote` tells how many they are.

        Raises
        ------
        DataError
            If fewer than two rows remain.
        """
        gaps = [self._is_gap(name) for name in self.names]
        kept = [not any(is_gap(cell) for is_gap, cell in zip(gaps, row, strict=True)) for row in self.cells]
        n_left_out = kept.count(False)
        if not n_left_out:
            return self
        if len(kept) - n_left_out < 2:
            raise DataError(f"{self.source}: at least two rows without an empty cell are needed; got {sum(kept)}")
        first = self.row_numbers[kept.index(False)]
        rows = f"{n_left_out} of {len(kept)} rows, the first of them row {first}"
        warnings.warn(f"{self.source}: left out {rows}: a cell is empty", DataNote, stacklevel=2)
        cells, numbers = tuple(compress(self.cells, kept)), tuple(compress(self.row_numbers, kept))
        return replace(self, cells=cells, row_numbers=numbers)

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
        return self.number_column(name).values

    def number_column(self, name: str) -> NumberColumn:
        """Return the numbers of a column with their unit; raises as `numbers` does."""
        try:
            column = _parsed(self.texts(name), self.decimal, self.file_decimal, self.delimiter)
            return replace(column, values=column.values.copy())  # the cached array must not change
        except CellError as error:
            holds_words = not any(map(str.isdigit, "".join(self.texts(name))))
            remedy = f". {SKIP}" if error.missing else f". {CHOOSE_NUMBERS}" if holds_words else ""
            raise DataError(f"{self._place(self.row_numbers[error.row], name)}: {error.problem}{remedy}") from None

    def labels(self, name: str) -> tuple[str, ...]:
        """Return the labels of a column, none of them empty.

        Raises
        ------
        DataError
            If there is no such column, or a cell is empty.
        """
        texts = self.texts(name)
        for text, row in zip(texts, self.row_numbers, strict=True):
            if text.lower() in _MISSING_LABELS:
                raise DataError(f"{self._place(row, name)}: a label is missing; got {text!r}. {SKIP}")
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
        without_unit = [index for index, full in enumerate(self.names) if _UNIT_AT_END.sub("", full) == name]
        if len(without_unit) == 1:
            return without_unit[0]
        hint = did_you_mean(name, self.names)
        if any(full.split(",")[0].strip() == name for full in self.names if "," in full):
            hint += f" {QUOTE}"
        raise DataError(f"{self.source}: no column {shortened(name)!r}; it has {listed_columns(self.names)}.{hint}")

    def _place(self, row: int, name: str) -> str:
        return f"{self.source}, row {row}, column {shortened(name)!r}"

    def _is_gap(self, name: str) -> Callable[[str], bool]:
        """Return the function that tells whether a cell of a column is empty: labels may be called "none" or "-"."""
        present = [text for text in self.texts(name) if not is_missing(text)]
        try:
            read_numbers(present, decimal=self.decimal, file_decimal=self.file_decimal, delimiter=self.delimiter)
        except CellError:
            present = []
        return is_missing if present else lambda text: text.lower() in _MISSING_LABELS


@lru_cache(maxsize=8)
def _parsed(texts: tuple[str, ...], decimal: str, file_decimal: str, delimiter: str) -> NumberColumn:
    """Return the numbers of a column, cached, since a lesson asks whether they are numbers first."""
    return read_numbers(texts, decimal=decimal, file_decimal=file_decimal, delimiter=delimiter)


def read_csv(
    path: str | Path, columns: Sequence[str] | None = None, *, skip_missing: bool = False, decimal: str = ""
) -> Table:
    """Return the table in a CSV file.

    The first line that is not blank names the columns. Delimiters are comma, semicolon, tab, bar or space, and are
    detected. UTF-8 (with or without byte-order mark), UTF-16 with byte-order mark and Windows-1252 are read; blank
    lines are skipped; fields may be quoted. Numbers are read as `animate.learn.number_formats` describes.

    Parameters
    ----------
    path : str or Path
    columns : sequence of str, optional
        The columns to keep, in this order; all of them by default.
    skip_missing : bool
        Whether rows with an empty cell in these columns are left out.
    decimal : str
        The decimal separator, ``.`` or ``,``; by default the one that the numbers show.

    Raises
    ------
    DataError
        If the file cannot be read, is no table of at least two rows, or lacks a column.
    """
    source = str(path)
    table = parse_csv(decode(read_file(Path(path)), source), source)
    return chosen_part(table, columns, skip_missing=skip_missing, decimal=decimal)


def chosen_part(
    table: Table, columns: Sequence[str] | None = None, *, skip_missing: bool = False, decimal: str = ""
) -> Table:
    """Return the part of a table that the arguments of `read_csv` choose.

    Raises
    ------
    DataError
        If there is no such column, no row remains, or the decimal separator is another sign.
    """
    if decimal not in ("", *DECIMALS):
        raise DataError(f"decimal must be '.' or ','; got {shortened(decimal)!r}")
    table = replace(table, decimal=decimal or table.decimal)
    table = table if columns is None else table.select(columns)
    return _without_sums(table.without_missing() if skip_missing else table)


def _without_sums(table: Table) -> Table:
    """Return the table without its last row if that holds the sums of two columns or more, of all with numbers."""
    if table.n_rows <= _LEAST_SUMMED or len(table.names) > _MOST_SUMMED:
        return table
    columns = [table.numbers(name) for name in table.names if table.is_numeric(name)]
    is_sum = [bool(np.isclose(values[-1], values[:-1].sum(), rtol=1e-9, atol=0) and values[-1]) for values in columns]
    if len(is_sum) < 2 or not all(is_sum):
        return table
    row = f"row {table.row_numbers[-1]}, the sums of the columns"
    warnings.warn(f"{table.source}: left out {row}", DataNote, stacklevel=2)
    return replace(table, cells=table.cells[:-1], row_numbers=table.row_numbers[:-1])


def shipped_names() -> list[str]:
    """Return the names of the tables that ship with the package."""
    folder = resources.files("animate") / "csv"
    return sorted(entry.name[: -len(".csv")] for entry in folder.iterdir() if entry.name.endswith(".csv"))


def shipped_table(name: str) -> Table:
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
    >>> shipped_table("norris").n_rows
    36
    """
    known = shipped_names()
    if name not in known:
        raise DataError(f"data set must be one of {', '.join(known)}; got {name!r}.{did_you_mean(name, known)}")
    text = (resources.files("animate") / "csv" / f"{name}.csv").read_text(encoding="utf-8")
    return parse_csv(text, f"{name}.csv")


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
    rows, delimiter = rows_of(text, source)
    return table_of(rows, source, delimiter)


def table_of(lines: Sequence[Row], source: str, delimiter: str = ",") -> Table:
    """Return the table of rows of texts, each with its number; the first row names the columns.

    Raises
    ------
    DataError
        If it is no table of at least two rows.
    """
    if not lines:
        raise DataError(f"{source}: the file is empty; its first line must name the columns")
    names, rows = split_table(lines, source, delimiter)
    if len(rows) < 2:
        found = "one row" if rows else "only column names"
        raise DataError(f"{source}: at least two rows of values are needed; got {found}")
    numbers, cells = zip(*rows, strict=True)
    shown = decimal_of(cell for row in cells[:_ROWS_SAMPLED] for cell in row)
    return Table(source, names, cells, numbers, delimiter, file_decimal=shown)
