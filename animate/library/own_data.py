"""Tables of a user's own data: files, spreadsheets, data frames and arrays."""

from __future__ import annotations

import io
import os
import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from numbers import Integral, Real
from pathlib import Path
from typing import Any

import numpy as np

from animate.errors import DataError, DataNote, UsageError, did_you_mean, listed
from animate.learn.csv_rows import Row, decode, read_file
from animate.learn.number_formats import is_number
from animate.learn.tables import Table, chosen_part, parse_csv, shipped_names, shipped_table, table_of

KINDS_OF_DATA = "the path of a file, a data frame, a dict of columns, arrays such as (x, y), or a Table"
ZIP, WORKBOOKS = b"PK\x03\x04", (".xlsx", ".xlsm")
_ROWS_SAMPLED = 20
_UNDECIDED = re.compile(r"-?[1-9]\d{0,2}\.\d{3}")
_CURRENCY = re.compile(r'\[\$([^\]-]+)[^\]]*\]|"([^"]+)"|([€£$¥])')


def load_table(
    source: Any,
    columns: Sequence[str] | None = None,
    *,
    skip_missing: bool = False,
    decimal: str = "",
    sheet: str = "",
) -> Table:
    """Return data as the table that a scene's parameter `data` accepts.

    Parameters
    ----------
    source : path, data frame, mapping, arrays or Table
        A CSV file; an Excel workbook (``.xlsx``); a data frame of pandas or polars; a mapping of column names to
        values; a tuple of arrays, x first and y last; or the name of a table that comes with the package: "anscombe",
        "norris" or "penguins".
    columns : sequence of str, optional
        The columns to use, in this order; all of them by default.
    skip_missing : bool
        Whether rows with an empty cell in these columns are left out.
    decimal : str
        The decimal separator in texts, ``.`` or ``,``; by default the one that the numbers show.
    sheet : str
        The name of the sheet of a workbook, or its number from 1; by default the first one with cells.

    Raises
    ------
    DataError
        If the data cannot be read, are no table of at least two rows, or lack a column.
    UsageError
        If `source` is none of these.

    Examples
    --------
    >>> load_table({"hours": [1, 2.5], "score": [10, 12]}).numbers("hours").tolist()
    [1.0, 2.5]
    """
    options: dict[str, Any] = {"skip_missing": skip_missing, "decimal": decimal}
    if isinstance(source, str) and source in shipped_names():
        return chosen_part(shipped_table(source), columns, **options)
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        return read_table(read_file(path), str(path), columns, sheet=sheet, **options)
    _refuse_sheet(sheet, "data")
    table = source if isinstance(source, Table) else _table_of_objects(source)
    return chosen_part(table, columns, **options)


def read_table(
    content: bytes,
    source: str,
    columns: Sequence[str] | None = None,
    *,
    skip_missing: bool = False,
    decimal: str = "",
    sheet: str = "",
) -> Table:
    r"""Return the table in the bytes of a CSV file or an Excel workbook; the arguments are those of `load_table`.

    Raises
    ------
    DataError
        As `load_table`; also if a workbook cannot be read because openpyxl is not installed.

    Examples
    --------
    >>> read_table(b"x,y\n1,2\n3,4\n", "dropped.csv").numbers("y").tolist()
    [2.0, 4.0]
    """
    options: dict[str, Any] = {"skip_missing": skip_missing, "decimal": decimal}
    if content.startswith(ZIP) and source.lower().endswith(WORKBOOKS):
        return chosen_part(table_of(_workbook_rows(content, source, sheet), source), columns, **options)
    _refuse_sheet(sheet, source)
    return chosen_part(parse_csv(decode(content, source), source), columns, **options)


def _refuse_sheet(sheet: str, source: str) -> None:
    if sheet:
        raise UsageError(f"sheet is for an Excel workbook (.xlsx); {source} is none.")


def _table_of_objects(value: Any) -> Table:
    """Return the table of a data frame, a mapping or arrays."""
    columns = {str(name): _plain_array(values) for name, values in _named_columns(value)}
    lengths = {name: len(values) if values.ndim == 1 else -1 for name, values in columns.items()}
    if len(set(lengths.values())) != 1 or -1 in lengths.values():
        shown = ", ".join(f"{name} {values.shape}" for name, values in columns.items())
        raise DataError(f"data must have columns of one length, each with one dimension; got {shown}")
    cells = zip(*([_cell_text(cell) for cell in values.tolist()] for values in columns.values()), strict=True)
    rows = enumerate(cells, start=1)
    return table_of([(0, tuple(columns)), *rows], "data")


def _plain_array(values: Any) -> Any:
    array = np.asarray(values)
    return array.astype("datetime64[us]") if array.dtype.kind == "M" else array  # of which `tolist` makes datetimes


def _named_columns(value: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(value, Mapping):
        return value.items()
    if hasattr(value, "columns") and hasattr(value, "__getitem__"):  # a data frame of pandas or polars
        return [(name, value[name]) for name in value.columns]
    if isinstance(value, np.ndarray) and value.ndim == 2:
        value = tuple(value.T)
    if isinstance(value, tuple | list) and len(value) >= 2 and all(np.ndim(one) == 1 for one in value):
        features = ["x"] if len(value) == 2 else [f"x{index}" for index in range(1, len(value))]
        return zip([*features, "y"], value, strict=True)
    raise UsageError(f"data must be {KINDS_OF_DATA}; got {type(value).__name__}")


def _cell_text(value: Any, number_format: str = "") -> str:
    """Return the text of a cell, from which a number is read back exactly; "" if the cell is empty."""
    if value is None or type(value).__name__ == "NAType" or value != value:  # only nan differs from itself
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, bool) or not isinstance(value, Real):
        return " ".join(str(value).split())
    if "%" in number_format:
        value = float(f"{100 * float(value):.13g}")
    elif isinstance(value, Integral):
        return f"{value}{_sign_of(number_format)}"
    text = repr(float(value)).removesuffix(".0")
    # A further decimal, so that the point cannot separate thousands.
    return f"{text}0{_sign_of(number_format)}" if _UNDECIDED.fullmatch(text) else f"{text}{_sign_of(number_format)}"


def _sign_of(number_format: str) -> str:
    """Return the percent or currency sign in the number format of a workbook's cell, after a space; other texts not."""
    if "%" in number_format:
        return " %"
    signs = (next(filter(None, match.groups()), "").strip() for match in _CURRENCY.finditer(number_format))
    return next((f" {sign}" for sign in signs if is_number(f"1 {sign}")), "")


def _workbook_rows(content: bytes, source: str, sheet: str) -> list[Row]:
    """Return the rows of a sheet, by default the first that has cells."""
    try:
        from openpyxl import load_workbook
    except ImportError:
        remedy = "install it with pip install openpyxl, or save the sheet as CSV"
        raise DataError(f"{source}: reading a workbook needs openpyxl; {remedy}") from None
    try:
        worksheets = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets
        if sheet:
            chosen = _sheet_named(sheet, worksheets, source)
            rows = _sheet_rows(chosen)
        else:
            filled = [(one, rows) for one in worksheets if one.sheet_state == "visible" and (rows := _sheet_rows(one))]
            if not filled:
                return []
            chosen, rows = filled[0]
            if len(filled) > 1:
                others = listed([one.title for one, _ in filled[1:]])
                note = f"sheet {chosen.title} is read; to read another one ({others}), add --sheet"
                warnings.warn(f"{source}: {note}", DataNote, stacklevel=2)
        _refuse_formulas(load_workbook(io.BytesIO(content), read_only=True)[chosen.title], rows, source)
    except DataError:
        raise
    except Exception as error:  # openpyxl raises many kinds for a damaged file
        raise DataError(f"{source}: the workbook cannot be read: {error}. Save the sheet as CSV") from error
    return rows


def _refuse_formulas(sheet: Any, rows: list[Row], source: str) -> None:
    """Refuse formulas without a stored result, which programs write that cannot compute it."""
    gaps = [number for number, row in rows if "" in row][:1] or [1, _ROWS_SAMPLED] * (len(rows) < 3)
    for row in sheet.iter_rows(min_row=gaps[0], max_row=gaps[-1]) if gaps else ():
        for cell in row:
            if isinstance(cell.value, str) and cell.value.startswith("=") and cell.data_type == "f":
                raise DataError(
                    f"{source}, cell {cell.coordinate}: the formula has no stored result. "
                    "Open the file in a spreadsheet program and save it"
                )


def sheet_names(content: bytes, source: str) -> list[str]:
    """Return the names of a workbook's sheets that are visible and have cells; none if the file is no workbook."""
    if not (content.startswith(ZIP) and source.lower().endswith(WORKBOOKS)):
        return []
    try:
        from openpyxl import load_workbook

        worksheets = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets
        return [one.title for one in worksheets if one.sheet_state == "visible" and any(_sheet_rows(one))]
    except Exception:  # noqa: BLE001 - `read_table` reports it
        return []


def _sheet_named(sheet: str, worksheets: Sequence[Any], source: str) -> Any:
    names = [one.title for one in worksheets]
    if sheet in names:
        return worksheets[names.index(sheet)]
    if sheet.isdecimal() and 1 <= int(sheet) <= len(names):
        return worksheets[int(sheet) - 1]
    hint = did_you_mean(sheet, names)
    raise DataError(f"{source}: sheet must be one of {listed(names)}, or its number from 1; got {sheet!r}.{hint}")


def _sheet_rows(sheet: Any) -> list[Row]:
    """Return the rows with cells, all as wide as the widest."""
    rows: list[Row] = []
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [_cell_text(cell.value, getattr(cell, "number_format", "") or "") for cell in row]
        if any(cells):
            rows.append((number, tuple(cells)))
    used = [index for index in range(max((len(row) for _, row in rows), default=0)) if _is_used(rows, index)]
    return [(number, tuple(row[index] if index < len(row) else "" for index in used)) for number, row in rows]


def _is_used(rows: list[Row], index: int) -> bool:
    return any(row[index] for _, row in rows if index < len(row))
