"""Numbers as people write them, read a column at a time: separators, percent and currency signs, and dates.

``.`` and ``,`` each separate either thousands or decimals. A number decides it if it has both (the last one separates
decimals), one of them twice (thousands), or other than three digits after it (decimals). A column follows its own
numbers that decide, then those of the other columns. If none decides, ``1.234`` has decimals, and ``1,234`` has
thousands, unless the columns are separated by semicolons.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

import numpy as np

from animate.errors import shortened
from animate.learn.validation import Floats

LARGEST = 1e100
"""Largest number allowed: sums of squares of larger numbers overflow."""

_MISSING = {"", "na", "n/a", "n.a.", "k.a.", "k. a.", "nan", "null", "(null)", "\\n", "none", "nil", "nat", "<na>"}
_MISSING |= {"?", "-", "–", "—", ".", "..", "…"}
_SHEET_ERROR = re.compile(r"#(?:n/a|nv|null|\w+(?:/0)?[!?])", re.IGNORECASE)

_CURRENCY = (
    r"(?:US|[AC]|NZ|HK|S|R)?\$|[€£¥₹₽₩₺₫₴₪฿¢]|Fr\.?|kr\.?|zł|Kč|Ft"
    r"|(?:EUR|USD|GBP|CHF|JPY|CNY|INR|SEK|NOK|DKK|PLN|CZK|HUF|AUD|CAD|NZD|BRL|MXN|ZAR|KRW|TRY|RUB)"
)
_GROUPING = " \u00a0\u202f\u2007\u2009'’"
_CELL = re.compile(
    rf"(?P<sign>[-+]?)\s*(?P<before>{_CURRENCY})?\s*(?P<inner_sign>[-+]?)"
    rf"(?P<digits>(?:\d[\d.,{_GROUPING}]*|[.,]\d+))(?P<exponent>[eE][-+]?\d+)?\s*(?P<after>{_CURRENCY}|%|‰)?"
)
_GROUPED = re.compile(
    rf"\d{{1,3}}(?P<mark>[.,{_GROUPING}])\d{{3}}(?:(?P=mark)\d{{3}})*"
    r"|\d{1,2}(?:,\d{2})+,\d{3}"  # as in India: 12,34,567
)
_NO_MARKS = str.maketrans("", "", f".,{_GROUPING}")
_UNDECIDED = re.compile(r"[-+]?[1-9]\d{0,2}[.,]\d{3}")
_WITH_UNIT = re.compile(rf"[-+]?\d[\d.,:{_GROUPING}]*[^\W\d_][^-/]*|\d+:[\d:.]+")
_MONTH = r"(?:jan|f[eé]v|feb|m[aä]r|apr|avr|ma[iyj]|jui?[nl]|aug|ao[uû]|sep|o[ck]t|nov|d[eé][cz])[^\W\d_]*\.?"
_MEASURED = re.compile(
    rf"(?P<number>[-+\u2212]?(?:\d[\d.,{_GROUPING}]*|[.,]\d+)(?:[eE][-+]?\d+)?)"
    r"(?P<error>\s*(?:±|\+/?-)\s*[\d.,]+(?:[eE][-+]?\d+)?)?"
    r"\s*(?P<unit>[°µμΩ]?[^\W\d_]{0,12}[²³]?(?:/[^\W\d_]{1,6}[²³]?)?)"
)
_NO_UNIT = re.compile(rf"{_MONTH}|[ap]m", re.IGNORECASE)  # 5 May, 9 am
_NO_NUMBER = re.compile(r"\d+(?:[.,]\d{1,2}){2,}|(?:\d+([.,]))(?:\d+\1)+\d{4,}")  # such as 31.01.2024 or 1.10.2
_DATE_LIKE = re.compile(
    rf"(?:\d+[-/. ]+)?{_MONTH}[-/. ,]*\d+.*"
    r"|(?=.*(?:/|\d{4}))\d{1,4}[-/.]\d{1,4}(?:[-/.]\d+)?(?: .*)?|\d{4}-?[qw]\d+",
    re.IGNORECASE,
)

_ISO_DATE = re.compile(r"\d{4}[-/]\d{1,2}(?:[-/]\d{1,2})?(?:[T ]\d{1,2}:\d{2}.*)?")
_ZONE = re.compile(r" (?:GMT|UTC)(?:[-+]\d{1,2}(?::?\d{2})?)?$")  # as in the answers of Google Forms
_CLOCK = r"(?:,? (\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AaPp][Mm])?))?"
_DAY_FIRST = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})" + _CLOCK)
_SLASHED = re.compile(r"(\d{1,2})(?:/(?=\d+/)|-(?=\d+-\d{4}))(\d{1,2})[-/](\d{4}|\d{2})" + _CLOCK)


class CellError(Exception):
    """A cell that cannot be read; its row is counted from 0."""

    def __init__(self, row: int, problem: str, *, missing: bool = False) -> None:
        super().__init__(problem)
        self.row, self.problem, self.missing = row, problem, missing


@dataclass(frozen=True, eq=False)
class NumberColumn:
    """The numbers of a column.

    Attributes
    ----------
    values : array, shape (n_rows,)
        All finite. A percentage keeps its size: ``45 %`` is 45.
    unit : str
        The percent or currency sign beside the numbers, or ``days since 2024-01-31`` for dates; else "".
    note : str
        How a number such as ``1.234`` is read if no number of the file decides its separator; else "".
    """

    values: Floats
    unit: str = ""
    note: str = ""


def is_number(text: str) -> bool:
    """Return whether a text is written as a number or a date.

    >>> [is_number(text) for text in ("1.234,5 €", "(5)", "31.01.2024", "x", "")]
    [True, True, True, False, False]
    """
    try:
        _match(0, text)
    except CellError:
        return _looks_like_date(text)
    return True


def is_quantity(text: str) -> bool:
    """Return whether a text is a number, also one with a unit beside it, an error, or a limit's sign.

    >>> [is_quantity(text) for text in ("1.3 °C", "0.51 ± 0.02", "<0.1", "m")]
    [True, True, True, False]
    """
    return is_number(text) or _MEASURED.fullmatch(text.lstrip("<>≤≥ ")) is not None


def is_missing(text: str) -> bool:
    """Return whether a cell stands for a number that is not there.

    >>> [is_missing(text) for text in ("", "NA", "#DIV/0!", "0")]
    [True, True, True, False]
    """
    return text.lower() in _MISSING or _SHEET_ERROR.fullmatch(text) is not None


def decimal_of(texts: Iterable[str]) -> str:
    """Return the decimal separator that texts show, ``.`` or ``,``; "" if they show none, or both.

    >>> decimal_of(["1.234", "324.474,55"]), decimal_of(["1,234"])
    (',', '')
    """
    matches = (match for text in texts if (match := _CELL.fullmatch(text)) is not None)
    found = {_shown_decimal(match) for match in matches if not _NO_NUMBER.fullmatch(match["digits"])} - {""}
    return found.pop() if len(found) == 1 else ""


def read_numbers(
    texts: Sequence[str], *, decimal: str = "", file_decimal: str = "", delimiter: str = ","
) -> NumberColumn:
    """Return the numbers in the cells of a column.

    Parameters
    ----------
    texts : sequence of str
    decimal : str
        The decimal separator, if it is known: ``.`` or ``,``.
    file_decimal : str
        The decimal separator that the other columns show, if any.
    delimiter : str
        The separator of the columns, which decides if nothing else does.

    Raises
    ------
    CellError
        If a cell is empty or holds anything else than a finite number of at most `LARGEST` in size.

    Examples
    --------
    >>> prices = read_numbers(["1.200 €", "324.474,55 €"])
    >>> prices.values.tolist(), prices.unit
    ([1200.0, 324474.55], '€')
    >>> dates = read_numbers(["31.01.2024", "02.02.2024"])
    >>> dates.values.tolist(), dates.unit
    ([0.0, 2.0], 'days since 2024-01-31')
    """
    comma_possible = decimal == "," or (not decimal and (file_decimal == "," or delimiter != ","))
    if not (comma_possible and any(map(_UNDECIDED.fullmatch, texts))):
        values = _as_written_in_programs(texts)
        if values is not None:
            return _compact_dates(texts, values) or NumberColumn(values)
    if _looks_like_date(next((text for text in texts if not is_missing(text)), "")):
        return _dates(texts)
    return _numbers(texts, decimal, file_decimal, delimiter)


def _as_written_in_programs(texts: Sequence[str]) -> Floats | None:
    """Return numbers in the notation of programs, or None if a cell is anything else; fast."""
    try:
        values = np.array(texts, dtype=float)
    except ValueError:
        return None
    is_usable = bool(np.isfinite(values).all()) and bool((np.abs(values) <= LARGEST).all())
    return values if is_usable and "_" not in "".join(texts) else None


def _numbers(texts: Sequence[str], decimal: str, file_decimal: str, delimiter: str) -> NumberColumn:
    if (measured := _as_measured(texts)) is not None:
        alone, unit, note = measured
        column = read_numbers(alone, decimal=decimal, file_decimal=file_decimal, delimiter=delimiter)
        return replace(column, unit=unit, note="; ".join(filter(None, (note, column.note))))
    matches = [_match(row, text) for row, text in enumerate(texts)]
    shown: dict[str, int] = {}  # by decimal separator, the first row that shows it
    for row, match in enumerate(matches):
        shown.setdefault(_shown_decimal(match), row)
    shown.pop("", None)
    if not decimal and len(shown) > 1:
        later, earlier = sorted(shown.values(), reverse=True)
        found = f"a number is expected; got {_quoted(texts[later])} beside {_quoted(texts[earlier])}"
        raise CellError(later, f"{found}, and only one of comma and point can separate decimals")
    chosen = decimal or next(iter(shown), "") or file_decimal
    unsigned = ((text, match["digits"].strip()) for text, match in zip(texts, matches, strict=True))
    undecided = "" if chosen else next((text for text, digits in unsigned if _UNDECIDED.fullmatch(digits)), "")
    chosen = chosen or ("," if "," in undecided and delimiter == ";" else ".")
    values = [_value(row, texts[row], match, chosen) for row, match in enumerate(matches)]
    note = ""
    if "," in undecided or (undecided and delimiter != ","):
        read_as = "decimals" if chosen in undecided else "thousands"
        other, option = ("thousands", "." if chosen == "," else ",") if read_as == "decimals" else ("decimals", ",")
        note = f"{undecided} is read with {read_as}; if it has {other}, add --decimal {option!r}"
    return NumberColumn(np.array(values, dtype=float), _unit_of(texts, matches), note)


def _as_measured(texts: Sequence[str]) -> tuple[list[str], str, str] | None:
    """Return numbers without the unit beside each and without errors, the unit, and a note, if all have one unit.

    >>> _as_measured(["1.3 °C", "-2 °C"]), _as_measured(["0.51 ± 0.02", "0.6"])
    ((['1.3', '-2'], '°C', ''), (['0.51', '0.6'], '', 'what follows ± is left out'))
    >>> _as_measured(["5 kg", "5 g"])
    """
    alone, units, has_errors = [], set(), False
    for text in texts:
        match = _MEASURED.fullmatch(text)
        if match is None and not is_missing(text):
            return None
        alone.append(match["number"].strip() if match else text)
        units |= {match["unit"]} if match else set()
        has_errors = has_errors or bool(match and match["error"])
    if len(units) != 1 or not (has_errors or any(units)) or any(map(_NO_UNIT.fullmatch, units)):
        return None
    return alone, units.pop(), "what follows ± is left out" if has_errors else ""


def _match(row: int, text: str) -> re.Match[str]:
    """Return the parts of a number.

    Raises
    ------
    CellError
        If it is none.
    """
    match = _CELL.fullmatch(text)
    if match is not None and not (match["before"] and match["after"]):
        return match
    plain = re.sub(r"^–|\u2212", "-", text)
    if plain.startswith("(") and plain.endswith(")"):  # accountants write -5 as (5)
        plain = f"-{plain[1:-1]}"
    plain = re.sub(r"[.,][-–—](?=$|\s)", "", plain)  # prices without cents: 1'200.–
    plain = re.sub(r"^(\d.*)-$", r"-\1", plain)  # SAP writes -5 as 5-
    match = _CELL.fullmatch(plain)
    if match is not None and not (match["before"] and match["after"]):
        return match
    if is_missing(text):
        problem = "the cell is empty" if not text else f"a number is missing; got {_quoted(text)}"
        raise CellError(row, problem, missing=True)
    if text.lower().lstrip("+-") in ("inf", "infinity"):
        raise CellError(row, f"the number must be finite; got {_quoted(text)}")
    remedy = ""
    if _DATE_LIKE.fullmatch(text):
        remedy = ". Write dates as 2024-01-31"
    elif text.startswith(("<", ">", "≤", "≥")):
        remedy = ". A limit is no number: write one in its place, or leave the cell empty"
    elif _WITH_UNIT.fullmatch(text):
        remedy = ". Write numbers alone, and their unit in the column name"
    raise CellError(row, f"a number is expected; got {_quoted(text)}{remedy}")


def _shown_decimal(match: re.Match[str]) -> str:
    """Return the decimal separator that a number shows, or "" if it could be the other."""
    digits = match["digits"].strip()
    n_points, n_commas = digits.count("."), digits.count(",")
    if not n_points and not n_commas:
        return ""
    last = "." if digits.rfind(".") > digits.rfind(",") else ","
    if n_points and n_commas:
        return last
    if n_points + n_commas > 1:
        return "," if n_points else "."
    before, _, after = digits.partition(last)
    is_decimal = len(after) != 3 or not 1 <= len(before) <= 3 or before[0] == "0" or not before.isdecimal()
    return last if is_decimal or match["exponent"] else ""


def _value(row: int, text: str, match: re.Match[str], decimal: str) -> float:
    sign, inner_sign, digits, exponent = match.group("sign", "inner_sign", "digits", "exponent")
    whole, _, fraction = digits.strip().partition(decimal)
    is_number = whole.isdecimal() or _GROUPED.fullmatch(whole) is not None or (not whole and bool(fraction))
    if not is_number or (fraction and not fraction.isdecimal()) or (sign and inner_sign):
        raise CellError(row, f"a number is expected; got {_quoted(text)}")
    value = float(f"{sign}{inner_sign}{whole.translate(_NO_MARKS) or '0'}.{fraction or '0'}{exponent or ''}")
    if not math.isfinite(value):
        raise CellError(row, f"the number must be finite; got {_quoted(text)}")
    if abs(value) > LARGEST:
        raise CellError(row, f"the number must be at most {LARGEST:g} in size; got {_quoted(text)}")
    return value


def _unit_of(texts: Sequence[str], matches: Sequence[re.Match[str]]) -> str:
    units: dict[str, int] = {}
    for row, match in enumerate(matches):
        units.setdefault((match["before"] or match["after"] or "").strip(), row)
    named = [unit for unit in units if unit]
    if len(named) > 1 or ("%" in units and len(units) > 1):
        row, other = sorted(units.values(), reverse=True)[:2]
        raise CellError(
            row, f"the unit must be the same in every row; got {_quoted(texts[row])} beside {_quoted(texts[other])}"
        )
    return named[0] if named else ""


def _looks_like_date(text: str) -> bool:
    return any(form.fullmatch(_ZONE.sub("", text)) for form in (_ISO_DATE, _DAY_FIRST, _SLASHED))


def _dates(texts: Sequence[str]) -> NumberColumn:
    """Return dates as days since the earliest one; times are fractions of a day."""
    month_place = _month_place(texts)
    moments = [_moment(row, text, month_place) for row, text in enumerate(texts)]
    start = datetime.combine(min(moments), time.min)
    values = np.array([(moment - start).total_seconds() / 86_400 for moment in moments])
    return NumberColumn(values, f"days since {start.date().isoformat()}")


def _compact_dates(texts: Sequence[str], values: Floats) -> NumberColumn | None:
    """Return numbers such as 20240131 as dates if each is one and there are at least three, else None."""
    if len(values) < 3 or values.min() < 19000101 or values.max() > 20991231:
        return None
    if not all(len(text) == 8 and "01" <= text[4:6] <= "12" and "01" <= text[6:] <= "31" for text in texts):
        return None
    dates = _dates([f"{text[:4]}-{text[4:6]}-{text[6:]}" for text in texts])
    return replace(dates, note=f"{texts[0]} is read as a date")


def _month_place(texts: Sequence[str]) -> int:
    """Return which number of dates such as 1/31/2024 is the month: 1, 2, or 0 if nothing decides."""
    found = [match for text in texts if (match := _SLASHED.fullmatch(_ZONE.sub("", text))) is not None]
    if any(int(match[2]) > 12 for match in found):
        return 1
    return 2 if any(int(match[1]) > 12 for match in found) else 0


def _moment(row: int, text: str, month_place: int) -> datetime:
    given, text = text, _ZONE.sub("", text)  # the clock is read as it stands there
    match = _DAY_FIRST.fullmatch(text)
    place = 2 if match else month_place
    match = match or _SLASHED.fullmatch(text)
    if match is not None and not place:
        raise CellError(row, f"a date must say which number is the month, as 2024-01-31 does; got {_quoted(text)}")
    if match is not None:
        day, month = (match[1], match[2]) if place == 2 else (match[2], match[1])
        year = match[3] if len(match[3]) == 4 else f"{'19' if match[3] >= '69' else '20'}{match[3]}"
        text_of_date = f"{year}-{month:0>2}-{day:0>2} {match[4] or '0:00'}"
    elif _ISO_DATE.fullmatch(text):
        date, _, clock = text.replace("/", "-").replace("T", " ").partition(" ")
        parts = date.split("-") + ["01"] * (2 - date.count("-"))
        text_of_date = f"{parts[0]}-{parts[1]:0>2}-{parts[2]:0>2} {clock or '0:00'}"
    elif is_missing(text):
        raise CellError(row, f"a date is missing; got {_quoted(text)}" if text else "the cell is empty", missing=True)
    else:
        raise CellError(row, f"a date is expected, as in the other rows; got {_quoted(text)}")
    date, _, clock = text_of_date.partition(" ")
    hour, _, rest = clock.partition(":")
    if half := rest[-2:].upper() if rest[-2:].isalpha() else "":
        rest, hour = rest[:-2].strip(), str(int(hour) % 12 + 12 * (half == "PM")) if 1 <= int(hour) <= 12 else "x"
    try:
        moment = datetime.fromisoformat(f"{date} {hour:0>2}:{rest}")
    except ValueError:
        raise CellError(row, f"there is no such date; got {_quoted(given)}") from None
    return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)


def _quoted(text: str) -> str:
    return repr(shortened(text))
