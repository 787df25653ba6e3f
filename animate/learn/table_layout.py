"""Column names and rows of values among the lines of a sheet: titles, units, totals and notes around them."""

from __future__ import annotations

import re
import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import count, takewhile

from animate.errors import DataError, DataNote, counted, listed, shortened
from animate.learn.csv_rows import Row
from animate.learn.number_formats import is_missing, is_number, is_quantity

_TOTAL = re.compile(
    r"(?:(?:grand|sub) ?-?)?totals?|total(?:e|en|general| général| generale)|(?:gesamt|zwischen|end)?summe"
    r"|(?:ins)?gesamt|sum|sums|somme|suma|soma|somma|ukupno|razem|totaal|i alt|summa"
    r"|average|mean|median|mittelwert|durchschnitt|ø|moyenne|media|promedio|média|gemiddelde|std\.?(?: dev\.?)?",
    re.IGNORECASE,
)
SPLIT_DECIMALS = ". If commas separate decimals, separate the columns with semicolons, or quote the numbers"
_UNIT = re.compile(r"[^\W\d_]|[%‰°$€£¥]")
_LONGEST_UNIT = 16
_ROWS_SAMPLED = 50


def split_table(lines: Sequence[Row], source: str, delimiter: str) -> tuple[tuple[str, ...], list[Row]]:
    """Return the names of the columns, all different, and the rows of values, each with a cell for each column.

    A `DataNote` reports lines that are left out.

    Raises
    ------
    DataError
        If the lines name no columns, or a row has another number of cells.
    """
    (_, header), *rows = _without_empty_end(_without_titles(lines, source))
    rows = _without_notes(rows, len(header), source)
    if rows and all(len(row) == len(header) + 1 for _, row in rows):
        if delimiter == ",":
            _refuse_split_decimals(rows, source)
        header = ("", *header)  # R leaves the column of row names unnamed
    header = (header[0].removeprefix("# "), *header[1:])  # as NumPy writes it
    names = tuple(" ".join(name.split()) or f"column {index}" for index, name in enumerate(header, start=1))
    _refuse_values_as_names(names, rows, source)
    for number, row in rows:
        if len(row) != len(names):
            expected, hint = counted(len(names), "cell"), ""
            if number == rows[0][0]:
                is_split = delimiter == "," and len(row) > len(names) and all(map(is_number, row))
                hint = SPLIT_DECIMALS if is_split else ". If the file begins with a title, delete it"
            raise DataError(f"{source}, row {number}: {expected} expected, one per column; got {len(row)}{hint}")
    names, rows = _with_units(names, rows, source)
    return _all_different(names, source), _without_totals(rows, source)


def _left_out(rows: Sequence[Row], source: str, what: str) -> None:
    text = "".join(one if one.isprintable() else " " for one in next(filter(None, rows[0][1])))
    lines = f"{counted(len(rows), 'line')} {what}: {shortened(text)}{', ...' if len(rows) > 1 else ''}"
    warnings.warn(f"{source}: left out {lines}", DataNote, stacklevel=2)


def _without_titles(rows: Sequence[Row], source: str) -> Sequence[Row]:
    """Return the rows without the titles above the column names, rows of one cell."""
    first = next((place for place, (_, row) in enumerate(rows) if sum(map(bool, row)) > 1), 0)
    # R names a single column alone, and has two cells in each row of values.
    if first and not any(map(is_number, rows[first][1])):
        _left_out(rows[:first], source, "above the column names")
        return rows[first:]
    return rows


def _without_notes(rows: list[Row], width: int, source: str) -> list[Row]:
    """Return the rows without the notes below them, such as the source of the numbers: rows of one text."""
    has_numbers = all(is_missing(row[0]) or is_number(row[0]) for _, row in _sample(rows))

    def is_note(row: Row) -> bool:
        text, *others = row[1]
        is_text = not is_missing(text) and not is_number(text)
        return is_text and not any(others) and (len(others) + 1 < width or (has_numbers and width > 1))

    notes = [*takewhile(is_note, reversed(rows))][::-1]
    if notes and len(notes) < len(rows):
        _left_out(notes, source, "below the table")
        return rows[: -len(notes)]
    return rows


def _sample(rows: Sequence[Row]) -> Sequence[Row]:
    """Return rows that are certainly of values: neither units at the beginning nor totals at the end."""
    return rows[1:_ROWS_SAMPLED][: max(1, len(rows) // 2)]


def _without_empty_end(rows: Sequence[Row]) -> Sequence[Row]:
    """Return the rows without empty last columns, which result from lines that end in a delimiter."""
    while len(rows) > 1:
        header, width = rows[0][1], len(rows[1][1])
        ends = all(len(row) == width and not row[-1] for _, row in rows[1:])
        if width < 2 or not ends or len(header) > width or any(header[width - 1 :]):
            break
        rows = [(rows[0][0], header[: width - 1]), *((number, row[:-1]) for number, row in rows[1:])]
    return rows


def _refuse_values_as_names(names: Sequence[str], rows: Sequence[Row], source: str) -> None:
    """Refuse a first line of values: of numbers alone, or with a word that its column holds again."""
    words = [index for index, name in enumerate(names) if not is_number(name)]
    if not words:
        raise DataError(f"{source}: the first line must name the columns; got numbers: {listed(names)}")
    if len(words) < len(names) and any(row[index : index + 1] == (names[index],) for _, row in rows for index in words):
        raise DataError(f"{source}: the first line must name the columns; got values: {listed(names)}")


def _refuse_split_decimals(rows: Sequence[Row], source: str) -> None:
    """Refuse rows with one cell more than there are names, unless the first cells only count or name the rows."""
    firsts = [row[0] for _, row in rows]
    if not any(map(is_number, firsts)):
        return
    are_counts = firsts == [str(number) for number in range(1, len(rows) + 1)]
    if not are_counts or all(cell.isdecimal() for _, row in rows for cell in row[1:]):
        number, row = rows[0]
        found = f"{counted(len(row) - 1, 'cell')} expected, one per column; got {len(row)}"
        raise DataError(f"{source}, row {number}: {found}{SPLIT_DECIMALS}")


def _all_different(names: tuple[str, ...], source: str) -> tuple[str, ...]:
    """Return the names, the second of two equal ones with a number; a `DataNote` tells it.

    >>> with warnings.catch_warnings(action="ignore"):
    ...     _all_different(("x", "y", "x", "x (2)", "x"), "example.csv")
    ('x', 'y', 'x (3)', 'x (2)', 'x (4)')
    """
    different: list[str] = []
    taken, first_ones, renamed = set(names), set(names), []
    suffixes: defaultdict[str, Iterator[str]] = defaultdict(lambda: map(" ({})".format, count(2)))
    for name in names:
        if name in first_ones:
            first_ones.remove(name)
            different.append(name)
            continue
        new = next(free for suffix in suffixes[name] if (free := name + suffix) not in taken)
        taken.add(new)
        renamed.append(new)
        different.append(new)
    if renamed:
        text = f"{source}: a column with the name of another is called by its number: {listed(renamed)}"
        warnings.warn(text, DataNote, stacklevel=2)
    return tuple(different)


def _with_units(names: tuple[str, ...], rows: list[Row], source: str) -> tuple[tuple[str, ...], list[Row]]:
    """Return the names and rows with the units, if the first row holds them, in the names of the columns."""
    if len(rows) < 2:
        return names, rows
    number, units = rows[0]
    sample = _sample(rows)
    if any(len(unit) > _LONGEST_UNIT or is_number(unit) or (unit and not _UNIT.search(unit)) for unit in units):
        return names, rows
    cells = ([row[index] for _, row in sample] for index in range(len(names)))
    numeric = [all(is_missing(cell) or is_quantity(cell) for cell in column) for column in cells]
    if not any(is_numeric and not is_missing(unit) for is_numeric, unit in zip(numeric, units, strict=True)):
        return names, rows
    if not all(is_numeric or is_missing(unit) for is_numeric, unit in zip(numeric, units, strict=True)):
        return names, rows
    plain = [unit.strip("()[] ") if not is_missing(unit) else "" for unit in units]
    warnings.warn(f"{source}: row {number} is read as units: {listed([*filter(None, plain)])}", DataNote, stacklevel=2)
    return tuple(f"{name} ({unit})" if unit else name for name, unit in zip(names, plain, strict=True)), rows[1:]


def _without_totals(rows: list[Row], source: str) -> list[Row]:
    """Return the rows without totals and means below them."""

    def is_total(row: Row) -> bool:
        return any(_TOTAL.fullmatch(cell.rstrip(" :")) for cell in row[1] if cell)

    totals = [*takewhile(is_total, reversed(rows))][::-1]
    if not totals or len(totals) == len(rows) or any(map(is_total, rows[: -len(totals)])):
        return rows
    _left_out(totals, source, "of totals below the table")
    return rows[: -len(totals)]
