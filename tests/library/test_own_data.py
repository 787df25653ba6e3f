"""Tables as spreadsheets export them, workbooks, data frames and arrays, up to the drawn axes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from animate.errors import AnimateError, DataError, DataNote, UsageError
from animate.learn.data import ClassificationData, FeatureData, RegressionData
from animate.library.own_data import load_table, read_table
from animate.library.script import load

EXPORTS = {
    "Excel, German": ("Fläche (m²);Preis\r\n85,5;324.474,55 €\r\n120;1.200.000,00 €\r\n".encode("cp1252"), "€"),
    "Excel, German, UTF-8": ("\ufeffFläche (m²);Preis\r\n85,5;324.474,55 €\r\n120;1.200.000,00 €\r\n".encode(), "€"),
    "Excel, French": (
        "Fläche (m²);Preis\r\n85,5;324\u202f474,55 €\r\n120;1\u202f200\u202f000,00 €\r\n".encode(),
        "€",
    ),
    "Excel, French, Windows": (
        "Fläche (m²);Preis\r\n85,5;324\xa0474,55 €\r\n120;1\xa0200\xa0000,00 €\r\n".encode("cp1252"),
        "€",
    ),
    "Excel, Swiss": ("Fläche (m²);Preis\r\n85.5;CHF 324’474.55\r\n120;CHF 1’200’000.00\r\n".encode(), "CHF"),
    "Excel, US": ('Fläche (m²),Preis\r\n85.5,"$324,474.55 "\r\n120,"$1,200,000.00 "\r\n'.encode(), "$"),
    "Excel, Unicode text": ('Fläche (m²)\tPreis\r\n85.5\t"324,474.55"\r\n120\t"1,200,000.00"\r\n'.encode("utf-16"), ""),
    "Excel, with its separator": ("sep=;\r\nFläche (m²);Preis\r\n85,5;324474,55\r\n120;1200000\r\n".encode(), ""),
    "LibreOffice, German": ('"Fläche (m²)","Preis"\n"85,5","324474,55"\n120,1200000\n'.encode(), ""),
    "Google Sheets, German": ('Fläche (m²),Preis\r\n"85,5","324.474,55 €"\r\n120,"1.200.000,00 €"'.encode(), "€"),
    "Google Sheets, tsv": ("Fläche (m²)\tPreis\r\n85,5\t324.474,55\r\n120\t1.200.000".encode(), ""),
    "R, write.csv": ('"","Fläche (m²)","Preis"\n"1",85.5,324474.55\n"2",120,1200000\n'.encode(), ""),
    "R, write.csv2": ('"";"Fläche (m²)";"Preis"\n"1";85,5;324474,55\n"2";120;1200000\n'.encode(), ""),
    "R, write.table": ('"Fläche (m²)" "Preis"\n"1" 85.5 324474.55\n"2" 120 1200000\n'.encode(), ""),
    "pandas": (",Fläche (m²),Preis\n0,85.5,324474.55\n1,120.0,1200000.0\n".encode(), ""),
    "pandas, twice": ("Unnamed: 0,Fläche (m²),Preis\n0,85.5,324474.55\n1,120.0,1200000.0\n".encode(), ""),
}


@pytest.mark.parametrize("program", EXPORTS)
def test_exports_of_spreadsheets_are_read_alike(program: str, tmp_path: Path) -> None:
    content, unit = EXPORTS[program]
    path = tmp_path / "homes.csv"
    path.write_bytes(content)
    data = RegressionData.from_table(load_table(path))
    assert (data.x.tolist(), data.y.tolist()) == ([85.5, 120.0], [324474.55, 1200000.0])
    assert (data.x_name, data.y_name) == ("Fläche (m²)", f"Preis ({unit})" if unit else "Preis")


def test_dates_become_days_and_the_axis_says_since_when(tmp_path: Path) -> None:
    path = tmp_path / "visits.csv"
    path.write_text("date,visits\n2024-01-31,5\n2024-02-02,7\n2024-02-10,9\n")
    data = RegressionData.from_table(load_table(path))
    assert data.x_name == "date (days since 2024-01-31)"
    assert data.x.tolist() == [0.0, 2.0, 10.0]


def test_empty_cells_are_refused_with_the_option_that_leaves_them_out(tmp_path: Path) -> None:
    path = tmp_path / "gaps.csv"
    path.write_text("x,y\n1,2\n3,\n5,6\n")
    with pytest.raises(DataError, match=r"row 3, column 'y': the cell is empty\. Leave .* with --skip-missing"):
        RegressionData.from_table(load_table(path))


def test_rows_with_empty_cells_are_left_out_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "gaps.csv"
    path.write_text("x,y\n1,2\n3,\n5,6\n#N/A,8\n")
    with pytest.warns(DataNote, match=r"gaps\.csv: left out 2 of 4 rows, the first of them row 3: a cell is empty"):
        data = RegressionData.from_table(load_table(path, skip_missing=True))
    assert data.x.tolist() == [1.0, 5.0]


def test_only_the_columns_that_are_used_count_for_empty_cells(tmp_path: Path) -> None:
    path = tmp_path / "gaps.csv"
    path.write_text("x,note,y\n1,,2\n3,late,4\n")
    assert load_table(path, ["x", "y"], skip_missing=True).n_rows == 2


def test_a_label_may_be_called_none_or_a_dash(tmp_path: Path) -> None:
    path = tmp_path / "sizes.csv"
    path.write_text("size,kind\n1,none\n2,-\n3,none\n")
    assert load_table(path, skip_missing=True).labels("kind") == ("none", "-", "none")


def test_too_few_complete_rows_are_refused() -> None:
    with pytest.raises(DataError, match="at least two rows without an empty cell are needed; got 1"):
        load_table({"x": [1.0, None], "y": [1.0, 2.0]}, skip_missing=True)


def test_a_number_that_can_be_two_is_noted_where_it_is_used(tmp_path: Path) -> None:
    path = tmp_path / "homes.csv"
    path.write_text("rooms;price\n3;324.474\n4;512.900\n")
    with pytest.warns(DataNote, match=r"homes\.csv, column 'price': 324\.474 is read with decimals; if it has thous"):
        RegressionData.from_table(load_table(path))
    assert RegressionData.from_table(load_table(path, decimal=",")).y.tolist() == [324474.0, 512900.0]


def test_another_decimal_separator_is_refused() -> None:
    with pytest.raises(DataError, match=r"decimal must be '\.' or ','; got ';'"):
        load_table("norris", decimal=";")


@pytest.mark.parametrize("first", ["id", "Nr.", "rank", "index"])
def test_a_column_that_numbers_the_rows_is_left_out_if_it_is_one_too_many(first: str) -> None:
    table = load_table({first: [1, 2, 3], "x": [1.0, 2.0, 5.0], "y": [2.0, 3.0, 4.0]})
    assert RegressionData.from_table(table).x_name == "x"
    table = load_table({first: [7, 8, 9], "size": [1.0, 2.0, 5.0], "kind": ["a", "b", "a"]})
    assert ClassificationData.from_table(table, 1).feature_names == ("size",)


def test_a_first_column_of_other_values_stays() -> None:
    table = load_table({"id": [1, 5, 3], "x": [1.0, 2.0, 5.0], "y": [2.0, 3.0, 4.0]})
    assert FeatureData.from_table(table).feature_names == ("id", "x")
    with pytest.raises(DataError, match=r"it has 3: id, x, y\. Name the ones to use with --columns A,B"):
        ClassificationData.from_table(load_table({"id": [1, 5], "x": [1.0, 2.0], "y": ["a", "b"]}), 1)


TITLES = {
    "one cell": "Rents of 2024\n\narea;rent\n30,5;401,2\n60;802\n",
    "cells to fill the rows": "Rents of 2024;\n;\narea;rent\n30,5;401,2\n60;802\n",
    "with the separator of decimals": "Rents, by area, of 2024\nas of March 1, 2025\narea;rent\n30,5;401,2\n60;802\n",
}


@pytest.mark.parametrize("kind", TITLES)
def test_titles_above_the_column_names_are_left_out_and_told(kind: str) -> None:
    with pytest.warns(DataNote, match=r"left out \d lines? above the column names: Rents"):
        table = read_table(TITLES[kind].encode(), "rents.csv")
    assert (table.numbers("area").tolist(), table.numbers("rent").tolist()) == ([30.5, 60.0], [401.2, 802.0])


def test_a_single_column_name_over_rows_with_names_is_no_title() -> None:
    table = read_table(b"x\n1\t2.5\n2\t4\n", "r.txt")  # as R's write.table does
    assert table.numbers("x").tolist() == [2.5, 4.0]


@pytest.fixture
def workbook(tmp_path: Path) -> Any:
    openpyxl = pytest.importorskip("openpyxl")

    def write(*rows: tuple[Any, ...], formats: Any = None, before: bool = False, name: str = "data") -> Path:
        book = openpyxl.Workbook()
        sheet = book.create_sheet(name) if before else book.active
        sheet.title = name
        for row in rows:
            sheet.append(row)
        for cell, number_format in (formats or {}).items():
            sheet[cell].number_format = number_format
        book.save(tmp_path / "own.xlsx")
        return tmp_path / "own.xlsx"

    return write


def test_a_workbook_is_read_with_its_formats_as_units(workbook: Any) -> None:
    formats = {"A2": "0.0%", "A3": "0.0%", "B2": '#,##0.00\\ "€"', "B3": "#,##0.00 [$€-407]"}
    data = RegressionData.from_table(
        load_table(workbook(("share", "price"), (0.125, 1.234), (0.5, 2000), formats=formats))
    )
    assert (data.x.tolist(), data.y.tolist()) == ([12.5, 50.0], [1.234, 2000.0])
    assert (data.x_name, data.y_name) == ("share (%)", "price (€)")


def test_dates_of_a_workbook_are_days(workbook: Any) -> None:
    path = workbook(("day", "visits"), (dt.datetime(2024, 1, 31), 5), (dt.datetime(2024, 2, 2, 12), 7))
    data = RegressionData.from_table(load_table(path))
    assert (data.x.tolist(), data.x_name) == ([0.0, 2.5], "day (days since 2024-01-31)")


def test_the_first_sheet_with_cells_is_read_from_its_first_row_with_cells(workbook: Any) -> None:
    path = workbook((), ("x", "y"), (1, 2), (), (3, 4), before=True)
    table = load_table(path)
    assert (table.names, table.row_numbers, table.numbers("y").tolist()) == (("x", "y"), (3, 5), [2.0, 4.0])


@pytest.mark.parametrize("sheet", ["own", "2"])
def test_a_sheet_is_chosen_by_its_name_or_number(workbook: Any, sheet: str) -> None:
    path = workbook(("x", "y"), (1, 2), (3, 4), before=True, name="own")
    assert load_table(path, sheet=sheet).numbers("y").tolist() == [2.0, 4.0]


def test_a_sheet_that_is_not_there_is_answered_with_those_that_are(workbook: Any) -> None:
    path = workbook(("x", "y"), (1, 2), (3, 4), name="prices")
    with pytest.raises(DataError, match=r"sheet must be one of prices, or .*; got 'price'\. Did you mean 'prices'\?"):
        load_table(path, sheet="price")
    with pytest.raises(UsageError, match=r"sheet is for an Excel workbook \(\.xlsx\); own\.csv is none"):
        read_table(b"x,y\n1,2\n3,4\n", "own.csv", sheet="prices")


def test_an_empty_cell_of_a_workbook_is_named_by_its_row(workbook: Any) -> None:
    with pytest.raises(DataError, match=r"own\.xlsx, row 3, column 'y': the cell is empty"):
        load_table(workbook(("x", "y"), (1, 2), (3, None), (5, 6))).numbers("y")


def test_a_damaged_workbook_is_refused() -> None:
    pytest.importorskip("openpyxl")
    with pytest.raises(DataError, match=r"own\.xlsx: the workbook cannot be read: .* Save the sheet as CSV"):
        read_table(b"PK\x03\x04 nothing", "own.xlsx")


def test_a_workbook_without_openpyxl_names_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    with pytest.raises(DataError, match=r"needs openpyxl; install it with pip install openpyxl, or save"):
        read_table(b"PK\x03\x04", "own.xlsx")


def test_a_data_frame_is_read_as_it_is() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(
        {
            "day": pandas.to_datetime(["2024-01-31", "2024-02-02", None]),
            "price": [1.234, 0.1 + 0.2, None],
            "kind": ["a", None, "b"],
        }
    )
    with pytest.warns(DataNote, match="data: left out 1 of 3 rows"):
        table = load_table(frame, ["day", "price"], skip_missing=True)
    assert table.numbers("price").tolist() == [1.234, 0.1 + 0.2]
    assert table.numbers("day").tolist() == [0.0, 2.0]
    assert load_table(frame).texts("kind") == ("a", "", "b")


@pytest.mark.parametrize(
    ("data", "names"),
    [
        ((np.array([1.0, 2.0]), np.array([3.0, 4.0])), ("x", "y")),
        (([1.0, 2.0], [3.0, 4.0]), ("x", "y")),
        (np.array([[1.0, 3.0], [2.0, 4.0]]), ("x", "y")),
        (([1.0, 2.0], [1.5, 2.5], [3.0, 4.0]), ("x1", "x2", "y")),
        ({"hours": [1.0, 2.0], "score": [3.0, 4.0]}, ("hours", "score")),
    ],
    ids=["arrays", "lists", "matrix", "two features", "dict"],
)
def test_arrays_are_columns(data: Any, names: tuple[str, ...]) -> None:
    table = load_table(data)
    assert table.names == names
    assert (table.numbers(names[0]).tolist(), table.numbers(names[-1]).tolist()) == ([1.0, 2.0], [3.0, 4.0])


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (7, "data must be the path of a file, a data frame, .*; got int"),
        (([1.0], [1.0, 2.0]), r"data must have columns of one length, each with one dimension; got x \(1,\), y \(2,\)"),
    ],
)
def test_what_is_no_table_is_refused(data: Any, problem: str) -> None:
    with pytest.raises(AnimateError, match=problem):
        load_table(data)


def test_a_scene_takes_a_path_a_frame_and_arrays(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("hours,score\n1,2\n2,3\n3,5\n")
    script = load("linear_sgd_vs_batch")
    tables: list[Any] = [str(path), path, {"hours": [1, 2, 3], "score": [2, 3, 5]}, load_table(path)]
    alts = {script.build(data=data, n_updates=20).alt for data in tables}
    assert len(alts) == 1
    arrays = script.build(data=(np.array([1, 2, 3]), np.array([2, 3, 5])), n_updates=20)
    assert arrays.alt == alts.pop()


def test_the_options_of_data_need_data() -> None:
    script = load("linear_sgd_vs_batch")
    with pytest.raises(UsageError, match="--skip-missing is for a file of data: give the file with --data FILE"):
        script.values({}, skip_missing=True)


@pytest.mark.timeout(60)  # takes about one second; a quadratic step would take minutes
@pytest.mark.parametrize("cell", ["{0}.{1:02d}", '"{0},{1:02d} €"'])
def test_a_hundred_thousand_rows_are_read(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "many.csv"
    rows = (f"{row},{cell.format(row, row % 100)}\n" for row in range(100_000))
    path.write_text("x,y\n" + "".join(rows), encoding="utf-8")
    assert RegressionData.from_table(load_table(path)).y[-1] == 99_999.99


def test_a_whole_number_with_a_percent_format_is_that_many_wholes(workbook: Any) -> None:
    path = workbook(("x", "share"), (1, 1), (2, 0.5), formats={"B2": "0%", "B3": "0%"})
    assert RegressionData.from_table(load_table(path)).y.tolist() == [100.0, 50.0]


def test_words_in_a_number_format_do_not_spoil_the_number(workbook: Any) -> None:
    path = workbook(("x", "mass"), (1, 5), (2, 6.5), formats={"B2": '0.0" kg"', "B3": '"about "0.0'})
    assert RegressionData.from_table(load_table(path)).y.tolist() == [5.0, 6.5]


def test_a_formula_without_a_stored_result_is_named(workbook: Any) -> None:
    path = workbook(("x", "y"), (1, 2), (2, "=A3*2"))
    with pytest.raises(DataError, match=r"own\.xlsx, cell B3: the formula has no stored result\. Open the file in"):
        load_table(path)


def test_a_column_without_a_name_does_not_move_the_others(workbook: Any) -> None:
    table = load_table(workbook(("x", "y"), (1, 2, "by hand"), (3, 4, "again")))
    assert (table.numbers("x").tolist(), table.numbers("y").tolist()) == ([1.0, 3.0], [2.0, 4.0])


def test_a_workbook_with_several_sheets_says_which_one_is_read(tmp_path: Path) -> None:
    book = pytest.importorskip("openpyxl").Workbook()
    for name in ("2023", "2024"):
        for row in (("x", "y"), (1, 2), (3, 4)):
            (book[name] if name in book.sheetnames else book.create_sheet(name)).append(row)
    book.save(tmp_path / "years.xlsx")
    with pytest.warns(DataNote, match=r"years\.xlsx: sheet 2023 is read; to read another one \(2024\), add --sheet"):
        load_table(tmp_path / "years.xlsx")
