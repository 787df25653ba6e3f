"""Sheets with lines around the table: what is read, what is left out with a note, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from animate.errors import DataError, DataNote
from animate.learn.data import ClassificationData, RegressionData
from animate.learn.tables import Table, chosen_part, parse_csv


def _points(text: str, columns: list[str] | None = None) -> RegressionData:
    return RegressionData.from_table(chosen_part(parse_csv(text, "my.csv"), columns))


@pytest.mark.parametrize(
    "text",
    [
        "x,y\n1,5,2\n3,7,4\n4,1,9\n",
        "x,y\n1,5,2\n2,7,4\n3,1,9\n",  # the first cells could count the rows
        "x,y\n1,5,2,5\n3,7,4,1\n",
    ],
)
def test_decimal_commas_in_a_file_separated_by_commas_are_refused(text: str) -> None:
    with pytest.raises(DataError, match=r"my\.csv, row 2: 2 cells .* If commas separate decimals, separate"):
        parse_csv(text, "my.csv")


@pytest.mark.parametrize("text", ["x,y\na,1,2\nb,3,4\n", "x,y\n1,1.5,2\n2,3.5,4\n", "x;y\n7;1;2\n9;3;4\n"])
def test_rows_with_names_of_their_own_are_read(text: str) -> None:
    assert _points(text, ["x", "y"]).y.tolist() == [2.0, 4.0]


def test_delimiters_at_the_ends_of_rows_alone_make_no_column() -> None:
    assert _points("x;y\n1;2;;\n3;4;;\n").x.tolist() == [1.0, 3.0]


def test_a_first_line_of_values_is_refused() -> None:
    text = "5.1,3.5,setosa\n4.9,3.0,setosa\n7.0,3.2,versicolor\n"
    with pytest.raises(DataError, match=r"the first line must name the columns; got values: 5\.1, 3\.5, setosa"):
        parse_csv(text, "my.csv")


def test_years_may_be_names() -> None:
    assert _points("land;2019;2020\nA;1,5;2\nB;2,5;3\n", ["2019", "2020"]).x.tolist() == [1.5, 2.5]


@pytest.mark.parametrize("units", ["(m);[kg]", "m;kg"])
def test_a_row_of_units_joins_the_names(units: str) -> None:
    with pytest.warns(DataNote, match=r"row 2 is read as units: m, kg"):
        data = _points(f"length;mass\n{units}\n1,5;10\n2;12,25\n")
    assert (data.x_name, data.y_name, data.x.tolist()) == ("length (m)", "mass (kg)", [1.5, 2.0])


def test_a_first_row_of_words_over_a_column_of_words_is_no_row_of_units() -> None:
    with pytest.raises(DataError, match=r"row 2, column 'x': a number is expected; got 'low'"):
        ClassificationData.from_table(parse_csv("x,kind\nlow,a\n2,b\n3,a\n", "my.csv"), 1)


@pytest.mark.parametrize("last", ["Summe;350;35", "Total:;350;35", "Mean;116.7;11.7", "Total;350;35\nAverage;116;11"])
def test_totals_below_the_table_are_left_out(last: str) -> None:
    with pytest.warns(DataNote, match=r"left out \d lines? of totals below the table: (Summe|Total|Mean)"):
        data = _points(f"month;sales;costs\nJan;100;10\nFeb;120;12\nMar;130;13\n{last}\n", ["sales", "costs"])
    assert data.x.tolist() == [100.0, 120.0, 130.0]


def test_sums_without_a_word_are_left_out() -> None:
    with pytest.warns(DataNote, match=r"left out row 5, the sums of the columns"):
        assert _points("x;y\n1;10,1\n2;12,1\n3;13,2\n6;35,4\n").x.tolist() == [1.0, 2.0, 3.0]


@pytest.mark.parametrize("kinds", ["total,mean,total", "a,total,b"])
def test_a_class_called_total_stays(kinds: str) -> None:
    rows = "".join(f"{row},{kind}\n" for row, kind in enumerate(kinds.split(",")))
    assert parse_csv(f"x,kind\n{rows}", "my.csv").n_rows == 3


@pytest.mark.parametrize("note", ["Source: census", "Source: census;", "Source: census\nas of 2024"])
def test_notes_below_the_table_are_left_out(note: str) -> None:
    with pytest.warns(DataNote, match=r"left out \d lines? below the table: Source: census"):
        assert _points(f"x;y\n1;2\n3;4\n5;1\n{note}\n").y.tolist() == [2.0, 4.0, 1.0]


@pytest.mark.parametrize("other", ["31.01.2024", "1.10.2"])
def test_dates_and_versions_say_nothing_about_decimals(other: str) -> None:
    assert _points(f"when,a,b\n{other},1.234,5.678\n{other},2.345,6.789\n", ["a", "b"]).x.tolist() == [1.234, 2.345]


@pytest.mark.parametrize("cell", ["€ 1.234", "1.234 €", "(1.234)"])
def test_a_number_with_a_sign_that_can_be_two_is_noted(cell: str) -> None:
    with pytest.warns(DataNote, match=r"is read with decimals; if it has thousands, add --decimal ','"):
        _points(f"a;b\n1;{cell}\n2;{cell}\n")


def test_days_without_separators_are_dates() -> None:
    with pytest.warns(DataNote, match="20240131 is read as a date"):
        data = _points("day,y\n20240131,5\n20240201,6\n20240203,8\n")
    assert (data.x.tolist(), data.x_name) == ([0.0, 1.0, 3.0], "day (days since 2024-01-31)")


def test_numbers_that_are_no_days_stay_numbers() -> None:
    assert _points("people,y\n20240131,5\n20240231,6\n20241301,8\n").x.tolist() == [20240131.0, 20240231.0, 20241301.0]


@pytest.mark.parametrize(
    ("dates", "days"),
    [
        (["31-01-2024", "01-02-2024"], [0.0, 1.0]),
        (["01-31-2024", "02-01-2024"], [0.0, 1.0]),
        (["1/31/2024 12:00 AM", "1/31/2024 12:00 PM"], [0.0, 0.5]),
        (["1/31/2024, 6:00 am", "2/1/2024, 6:00:00 pm"], [0.25, 1.75]),
    ],
)
def test_dates_with_dashes_and_half_days_are_read(dates: list[str], days: list[float]) -> None:
    table = Table("my.csv", ("day",), tuple((date,) for date in dates), (2, 3))
    np.testing.assert_allclose(table.numbers("day"), days)


@pytest.mark.parametrize("cell", ["–5", "−5", "5-", "(5)", "-5.–"])
def test_negative_numbers_of_all_programs_are_read(cell: str) -> None:
    assert parse_csv(f"x;y\n1;{cell}\n2;3\n", "my.csv").numbers("y").tolist() == [-5.0, 3.0]


@pytest.mark.parametrize("cell", ["\\N", "(null)", "n.a.", "k. A."])
def test_cells_that_databases_leave_empty_are_empty(cell: str) -> None:
    table = parse_csv(f"x,y\n1,2\n2,{cell}\n3,4\n", "my.csv")
    with pytest.warns(DataNote, match="left out 1 of 3 rows"):
        assert table.without_missing().n_rows == 2


def test_a_column_may_be_named_without_its_unit_unless_two_would_fit() -> None:
    with pytest.warns(DataNote, match="row 2 is read as units"):
        table = parse_csv("length;mass (kg);mass (g);Price [€]\nm;;;\n1;10;3;7\n2;12;4;8\n", "own.csv")
    assert table.select(["Price", "length", "mass (g)"]).names == ("Price [€]", "length (m)", "mass (g)")
    for columns in (["mass", "length"], ["length", "length (m)"]):
        with pytest.raises(DataError, match=r"no column 'mass'|more than once"):
            table.select(columns)
