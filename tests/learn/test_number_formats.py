"""Numbers as spreadsheets write them, and a clear error where they cannot be told."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from animate.learn.number_formats import CellError, read_numbers


@pytest.mark.parametrize(
    ("cells", "delimiter", "expected"),
    [
        (["324.474,55", "1.200"], ";", [324474.55, 1200]),
        (["1,5", "2,25"], ",", [1.5, 2.25]),
        (["2,673.50", "1,200"], ",", [2673.5, 1200]),
        (["1 234,5", "7"], ";", [1234.5, 7]),
        (["1\u202f234,5", "12\u202f345\u202f678"], ";", [1234.5, 12345678]),
        (["1\xa0234,5", "0,5"], ";", [1234.5, 0.5]),
        (["1'234.5", "2’000"], ";", [1234.5, 2000]),
        (["12,34,567.50"], ",", [1234567.5]),
        (["1.234.567", "1.234"], ";", [1234567, 1234]),
        (["1,234,567"], ",", [1234567]),
        (["1.234", "0.5"], ";", [1.234, 0.5]),
        (["1,234", "0,5"], ",", [1.234, 0.5]),
        (["(1,200.50)", "3"], ",", [-1200.5, 3]),
        (["\u22125,5", "+2"], ";", [-5.5, 2]),
        ([".5", "5."], ",", [0.5, 5]),
        (["1,5e3", "2"], ";", [1500, 2]),
    ],
)
def test_separators_are_read_as_the_column_shows_them(cells: list[str], delimiter: str, expected: list[float]) -> None:
    column = read_numbers(cells, delimiter=delimiter)
    assert (column.values.tolist(), column.note) == (expected, "")


@pytest.mark.parametrize(
    ("cells", "unit", "expected"),
    [
        (["45 %", "3,5%"], "%", [45, 3.5]),
        (["$1,200.50", "-$3.00"], "$", [1200.5, -3]),
        ([" $ 1,200.50 ".strip(), "($3.00)"], "$", [1200.5, -3]),
        (["324.474,55 €", "0,5 €"], "€", [324474.55, 0.5]),
        (["CHF 1'200.50", "CHF 5"], "CHF", [1200.5, 5]),
        (["Fr. 1'200.–", "Fr. 5.-"], "Fr.", [1200, 5]),
        (["12,50 kr", "1"], "kr", [12.5, 1]),
        (["1 200 zł"], "zł", [1200]),
        (["£5"], "£", [5]),
        (["1,3 °C", "-0,4 °C"], "°C", [1.3, -0.4]),
        (["5kg", "6.5 kg"], "kg", [5, 6.5]),
        (["1.2E-3 mol/L", "3 mol/L"], "mol/L", [0.0012, 3]),
        (["12.5 m²", "8 m²"], "m²", [12.5, 8]),
    ],
)
def test_a_sign_beside_the_numbers_is_their_unit(cells: list[str], unit: str, expected: list[float]) -> None:
    column = read_numbers(cells, delimiter=";")
    assert (column.values.tolist(), column.unit) == (expected, unit)


@pytest.mark.parametrize(
    ("cells", "start", "days"),
    [
        (["2024-01-31", "2024-02-02"], "2024-01-31", [0, 2]),
        (["2024-02-02", "2024-01-31"], "2024-01-31", [2, 0]),
        (["2024/1/5", "2024/1/6"], "2024-01-05", [0, 1]),
        (["31.01.2024", "2.2.24"], "2024-01-31", [0, 2]),
        (["1/31/2024", "2/1/2024"], "2024-01-31", [0, 1]),
        (["31/01/2024", "01/02/2024"], "2024-01-31", [0, 1]),
        (["2024-01", "2024-03"], "2024-01-01", [0, 60]),
        (["2024-01-01T12:00:00", "2024-01-02 00:00"], "2024-01-01", [0.5, 1.0]),
        (["2024-01-01 06:00:00+02:00", "2024-01-01T16:00:00Z"], "2024-01-01", [4 / 24, 16 / 24]),
        (["31.12.99", "1.1.00"], "1999-12-31", [0, 1]),
    ],
)
def test_dates_are_days_since_the_earliest(cells: list[str], start: str, days: list[float]) -> None:
    column = read_numbers(cells)
    assert column.unit == f"days since {start}"
    assert column.values.tolist() == pytest.approx(days)


@given(st.lists(st.datetimes(dt.datetime(1970, 1, 1), dt.datetime(2068, 1, 1)), min_size=1, max_size=9))
def test_days_are_those_of_the_calendar(moments: list[dt.datetime]) -> None:
    days = [moment.date() for moment in moments]
    column = read_numbers([f"{day:%d.%m.%Y}" for day in days])
    assert column.values.tolist() == [(day - min(days)).days for day in days]


@given(
    st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=9),
    st.sampled_from([(".", ","), (",", "."), (" ", ","), ("\u202f", ","), ("'", "."), ("’", ".")]),
)
def test_amounts_in_any_notation_come_back(cents: list[int], marks: tuple[str, str]) -> None:
    thousands, decimal = marks
    plain = [f"{value / 100:,.2f}" for value in cents]
    written = [text.translate({ord(","): thousands, ord("."): decimal}) for text in plain]
    assert read_numbers(written, delimiter=";").values.tolist() == [value / 100 for value in cents]


@pytest.mark.parametrize(
    ("cell", "delimiter", "value", "note"),
    [
        ("1.234", ";", 1.234, "1.234 is read with decimals; if it has thousands, add --decimal ','"),
        ("1,234", ";", 1.234, "1,234 is read with decimals; if it has thousands, add --decimal '.'"),
        ("1,234", ",", 1234.0, "1,234 is read with thousands; if it has decimals, add --decimal ','"),
        ("1.234", ",", 1.234, ""),
    ],
)
def test_a_number_that_can_be_two_is_read_by_rule_and_noted(cell: str, delimiter: str, value: float, note: str) -> None:
    column = read_numbers([cell, "7"], delimiter=delimiter)
    assert (column.values.tolist(), column.note) == ([value, 7.0], note)


@pytest.mark.parametrize(
    ("cell", "decimal", "value"),
    [("1.234", ",", 1234), ("1.234", ".", 1.234), ("1,234", ",", 1.234), ("1,234", ".", 1234)],
)
def test_a_named_separator_decides(cell: str, decimal: str, value: float) -> None:
    column = read_numbers([cell], decimal=decimal, delimiter=";")
    assert (column.values.tolist(), column.note) == ([value], "")


def test_the_other_columns_decide_before_the_rule() -> None:
    column = read_numbers(["1.234"], file_decimal=",", delimiter=";")
    assert (column.values.tolist(), column.note) == ([1234.0], "")


@pytest.mark.parametrize(
    ("cells", "row", "problem"),
    [
        (["5 €", "5 $"], 1, "the unit must be the same in every row; got '5 $' beside '5 €'"),
        (["5 %", "0.05"], 1, "the unit must be the same in every row; got '0.05' beside '5 %'"),
        (["1,5", "1.5"], 1, "a number is expected; got '1.5' beside '1,5'"),
        (["1,23,45"], 0, "a number is expected; got '1,23,45'"),
        (["1 23"], 0, "a number is expected; got '1 23'"),
        (["--5"], 0, "a number is expected; got '--5'"),
        (["#DIV/0!"], 0, "a number is missing; got '#DIV/0!'"),
        (["1/2/2024", "3/4/2024"], 0, "a date must say which number is the month"),
        (["2024-01-01", "soon"], 1, "a date is expected, as in the other rows; got 'soon'"),
        (["2024-02-30"], 0, "there is no such date; got '2024-02-30'"),
        (["2024-01-01", ""], 1, "the cell is empty"),
        (["1e200"], 0, "the number must be at most 1e+100 in size; got '1e200'"),
    ],
)
def test_a_cell_that_cannot_be_told_is_named(cells: list[str], row: int, problem: str) -> None:
    with pytest.raises(CellError) as caught:
        read_numbers(cells, delimiter=";")
    assert caught.value.row == row
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("cells", "unit", "expected"),
    [
        (["0.5134 ± 0.012", "0.6±0.01"], "", [0.5134, 0.6]),
        (["5,1 +/- 0,2", "4"], "", [5.1, 4]),
        (["5.1 ± 0.2 kg", "4 ± 1 kg"], "kg", [5.1, 4]),
    ],
)
def test_the_error_of_a_measured_number_is_left_out(cells: list[str], unit: str, expected: list[float]) -> None:
    column = read_numbers(cells)
    assert (column.values.tolist(), column.unit) == (expected, unit)
    assert column.note == "what follows ± is left out"


@pytest.mark.parametrize("cells", [["5 kg", "5 g"], ["5 kg", "5"], ["5 May", "6 May"], ["9 am", "10 am"], ["<1", "2"]])
def test_words_that_are_no_unit_of_the_whole_column_are_refused(cells: list[str]) -> None:
    with pytest.raises(CellError, match=r"number is expected|the unit must be"):
        read_numbers(cells)


def test_an_empty_cell_among_numbers_with_units_is_the_one_that_is_missing() -> None:
    with pytest.raises(CellError, match="the cell is empty") as caught:
        read_numbers(["5 kg", "", "7 kg"])
    assert (caught.value.row, caught.value.missing) == (1, True)


def test_times_of_a_form_are_read_by_their_clock() -> None:
    column = read_numbers(["2024/03/01 9:30:00 PM GMT+1", "2024/03/01 12:00:00 AM GMT+1"])
    assert (column.values.tolist(), column.unit) == ([21.5 / 24, 0.0], "days since 2024-03-01")
