"""CSV files as people have them, and one clear line for each that cannot work."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from animate.errors import DataError, DataNote
from animate.learn.tables import Table, parse_csv, read_csv, shipped_table


@pytest.fixture
def write(tmp_path: Path):
    def write_file(content: str | bytes, name: str = "my.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file


@pytest.mark.parametrize(
    "content",
    [
        "x,y\n1,2\n3,4.5\n",
        "x,y\r\n1,2\r\n3,4.5\r\n",
        "x,y\r1,2\r3,4.5",
        "\ufeffx,y\n1,2\n3,4.5\n",
        "x;y\n1;2\n3;4.5\n",
        "x;y\n1;2\n3;4,5\n",
        "x\ty\n1\t2\n3\t4.5\n",
        "x\ty\n1\t2\n3\t4,5\n",
        "x|y\n1|2\n3|4.5\n",
        " x , y \n 1 , 2 \n 3 , 4.5 \n",
        '"x","y"\n"1","2"\n"3","4.5"\n',
        "\n\nx,y\n\n1,2\n\n\n3,4.5\n\n",
        "x,y,\n1,2,\n3,4.5,\n",
        "x,y\n1,2\n3,4.5\n,\n,\n",
        "x,y\n+1,2e0\n3.0,.45e1\n",
    ],
)
def test_files_people_have_are_read_alike(write, content: str) -> None:
    table = read_csv(write(content))
    assert table.names == ("x", "y")
    assert table.numbers("x").tolist() == [1.0, 3.0]
    assert table.numbers("y").tolist() == [2.0, 4.5]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_people_have_are_read_alike(write, encoding: str) -> None:
    table = read_csv(write("Größe,kind\n1,é\n2,ü\n".encode(encoding)))
    assert table.names == ("Größe", "kind")
    assert table.labels("kind") == ("é", "ü")


def test_quoted_names_and_cells_may_hold_the_delimiter(write) -> None:
    table = read_csv(write('"height, cm",label\n1,"a, b"\n2,"c ""d"""\n'))
    assert table.names == ("height, cm", "label")
    assert table.labels("label") == ("a, b", 'c "d"')


def test_a_delimiter_in_a_quoted_name_does_not_mislead(write) -> None:
    table = read_csv(write('"height, cm";"weight, kg"\n1,5;2\n2,5;3\n'))
    assert table.names == ("height, cm", "weight, kg")
    assert table.numbers("height, cm").tolist() == [1.5, 2.5]


def test_columns_can_be_chosen_and_ordered(write) -> None:
    table = read_csv(write("a,b,c\n1,2,3\n4,5,6\n"), columns=["c", "a"])
    assert table.names == ("c", "a")
    assert table.cells == (("3", "1"), ("6", "4"))


def test_a_path_may_be_a_text(write) -> None:
    assert read_csv(str(write("x,y\n1,2\n3,4\n"))).n_rows == 2


def test_an_unnamed_column_is_called_by_its_number(write) -> None:
    assert read_csv(write(",x\n0,1\n1,2\n")).names == ("column 1", "x")


def test_tables_can_be_pickled(write) -> None:
    table = read_csv(write("x,y\n1,2\n3,4\n"))
    assert pickle.loads(pickle.dumps(table)) == table


@given(
    st.lists(st.tuples(st.floats(-1e100, 1e100), st.integers(-(10**100), 10**100)), min_size=2, max_size=20),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_numbers_come_back_as_they_were_written(rows: list[tuple[float, int]], delimiter: str, line_end: str) -> None:
    lines = [delimiter.join(["x", "y"]), *(f"{x!r}{delimiter}{y}" for x, y in rows)]
    table = parse_csv(line_end.join(lines), "made.csv")
    assert table.numbers("x").tolist() == [x for x, _ in rows]
    assert table.numbers("y").tolist() == [float(y) for _, y in rows]


@pytest.mark.filterwarnings("ignore::animate.errors.DataNote")
@given(st.text(max_size=60))
def test_any_text_is_a_table_or_a_data_error(text: str) -> None:
    try:
        table = parse_csv(text, "any.csv")
    except DataError as error:
        assert str(error).startswith("any.csv")
    else:
        assert table.n_rows >= 2


@pytest.mark.filterwarnings("ignore::animate.errors.DataNote")
@given(st.binary(max_size=60))
def test_any_bytes_are_a_table_or_a_data_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("bytes") / "any.csv"
    path.write_bytes(content)
    try:
        assert read_csv(path).n_rows >= 2
    except DataError as error:
        assert "any.csv" in str(error)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "my.csv: the file is empty; its first line must name the columns"),
        ("\n \n\n", "my.csv: the file is empty"),
        (";;;\n", "my.csv: the file is empty"),
        ("x,y\n", "my.csv: at least two rows of values are needed; got only column names"),
        ("x,y\n1,2\n", "my.csv: at least two rows of values are needed; got one row"),
        ("x,y\n1,2\n3\n4,5\n", "my.csv, row 3: 2 cells expected, one per column; got 1"),
        ("x,y\n\n1,2\n3,4,5\n", "my.csv, row 4: 2 cells expected, one per column; got 3"),
        ("0.2,0.1\n1,2\n3,4\n", "my.csv: the first line must name the columns; got numbers: 0.2, 0.1"),
        ('x,y\n1,"2\n3,4\n', r"my.csv, row 2: a quoted cell is not closed"),
        (b"PK\x03\x04zip", "my.csv: a CSV file is expected; got a spreadsheet. Save it as CSV or .xlsx first"),
        (b"\x1f\x8b\x08", "my.csv: a CSV file is expected; got a compressed file. Unpack it first"),
        (b"PAR1", "my.csv: a CSV file is expected; got a file of pandas or Arrow. Save it as CSV first"),
        ('[{"x": 1}]', "my.csv: a CSV file is expected; got JSON. Save it as CSV first"),
        ("\n<HTML>", "my.csv: a CSV file is expected; got a web page. Save the table as CSV first"),
        (b"x,y\n\x81\x00,2\n", "my.csv: the text cannot be read as UTF-8 or Windows-1252"),
    ],
)
def test_a_file_that_is_no_table_is_told_so(write, content: str | bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_csv(write(content))


def _numbers_error(text: str, column: str = "y") -> str:
    with pytest.raises(DataError) as caught:
        parse_csv(text, "my.csv").numbers(column)
    return str(caught.value)


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("two", "a number is expected; got 'two'"),
        ("1_000", "a number is expected; got '1_000'"),
        ("1.2.3", "a number is expected; got '1.2.3'"),
        ("12 kg", "a number is expected; got '12 kg'. Write numbers alone, and their unit in the column name"),
        ("2 h 30", "a number is expected; got '2 h 30'. Write numbers alone, and their unit in the column name"),
        ("12:30", "a number is expected; got '12:30'. Write numbers alone, and their unit in the column name"),
        ("5-Jan-24", "a number is expected; got '5-Jan-24'. Write dates as 2024-01-31"),
        ("Jan 5 2024", "a number is expected; got 'Jan 5 2024'. Write dates as 2024-01-31"),
        ("1/2024", "a number is expected; got '1/2024'. Write dates as 2024-01-31"),
        ("", "the cell is empty. Leave such rows out with --skip-missing (skip_missing=True in Python)"),
        (
            "nan",
            "a number is missing; got 'nan'. Leave such rows out with --skip-missing (skip_missing=True in Python)",
        ),
        ("NA", "a number is missing; got 'NA'. Leave such rows out with --skip-missing (skip_missing=True in Python)"),
        ("inf", "the number must be finite; got 'inf'"),
        ("-Infinity", "the number must be finite; got '-Infinity'"),
        ("1e999", "the number must be finite; got '1e999'"),
    ],
)
def test_a_cell_that_is_no_number_is_named_by_file_row_and_column(cell: str, told: str) -> None:
    assert _numbers_error(f"x,y\n\n1,2\n3,{cell}\n5,6\n") == f"my.csv, row 4, column 'y': {told}"


def test_rows_count_lines_even_after_a_cell_of_two_lines() -> None:
    assert "row 5, column 'y'" in _numbers_error('x,y\n"a\nb",1\n2,3\n4,bad\n')


def test_decimal_commas_and_points_in_one_column_are_not_guessed() -> None:
    error = _numbers_error("x;y\n1;0.5\n2;1,50\n")
    assert "row 3, column 'y': a number is expected; got '1,50' beside '0.5', and only one of comma and point" in error


def test_a_missing_label_is_named_by_file_row_and_column() -> None:
    with pytest.raises(DataError, match=r"my.csv, row 3, column 'kind': a label is missing; got ''"):
        parse_csv("x,kind\n1,a\n2,\n", "my.csv").labels("kind")


def test_an_unknown_column_is_answered_with_the_known_ones(write) -> None:
    path = write("height,weight\n1,2\n3,4\n")
    with pytest.raises(DataError) as caught:
        read_csv(path, columns=["heigth", "weight"])
    assert str(caught.value) == (f"{path}: no column 'heigth'; it has height, weight. Did you mean 'height'?")


def test_a_name_with_a_comma_is_listed_as_it_is_to_be_typed(write) -> None:
    path = write('day,"spend, USD"\n1,2\n2,3\n')
    with pytest.raises(DataError, match=r'it has day, "spend, USD"\..* Put a name with a comma in quotes'):
        read_csv(path, columns=["spend", "USD"])


def test_columns_of_one_name_are_told_apart_by_numbers(write) -> None:
    with pytest.warns(DataNote, match=r"a column with the name of another is called by its number: x \(3\), x \(4\)$"):
        table = read_csv(write("x,x,y,x (2),x\n1,2,3,4,5\n6,7,8,9,10\n"))
    assert table.names == ("x", "x (3)", "y", "x (2)", "x (4)")
    assert table.numbers("x (4)").tolist() == [5, 10]


def test_a_column_asked_for_twice_is_refused(write) -> None:
    with pytest.raises(DataError, match="columns must differ; got 'x' more than once"):
        read_csv(write("x,y\n1,2\n3,4\n"), columns=["x", "x"])


def test_a_missing_file_is_told_so_with_its_neighbor(write) -> None:
    path = write("x,y\n1,2\n3,4\n", name="norris.csv")
    with pytest.raises(DataError, match=r"noris.csv: there is no such file. Did you mean 'norris.csv'\?"):
        read_csv(path.with_name("noris.csv"))


def test_a_missing_folder_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no such file; nor is there a folder"):
        read_csv(tmp_path / "nowhere" / "a.csv")


def test_a_folder_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="a CSV file is expected; got a folder"):
        read_csv(tmp_path)


@pytest.mark.parametrize(
    ("name", "n_rows", "columns"),
    [
        ("norris", 36, ("x", "y")),
        ("anscombe", 44, ("series", "x", "y")),
        ("penguins", 342, ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "species")),
    ],
)
def test_shipped_tables_are_whole(name: str, n_rows: int, columns: tuple[str, ...]) -> None:
    table = shipped_table(name)
    assert (table.n_rows, table.names) == (n_rows, columns)


def test_an_unknown_shipped_table_is_answered_with_the_known_ones() -> None:
    with pytest.raises(DataError, match=r"anscombe, norris, penguins; got 'noris'. Did you mean 'norris'\?"):
        shipped_table("noris")


def test_a_table_is_a_value() -> None:
    first, second = (parse_csv("x,y\n1,2\n3,4\n", "a.csv") for _ in range(2))
    assert first == second
    assert isinstance(hash(first), int)
    assert isinstance(first, Table)


@pytest.mark.filterwarnings("ignore::animate.errors.DataNote")
@pytest.mark.timeout(60)  # a comparison of all names with all took minutes
@pytest.mark.parametrize(
    ("names", "told"),
    [
        (range(100_000), "the first line must name the columns; got numbers: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, "),
        ([f"c{index}" for index in range(99_999)] + ["c0"], "no column 'c10000x'; it has c0, c1, "),
        ([f"c{index // 2}" for index in range(100_000)], "no column 'c10000x'; it has c0, c0 (2), c1, "),
        ([f"c{index}" for index in range(100_000)], "no column 'c10000x'; it has c0, c1, "),
    ],
    ids=["numbers", "one name twice", "every name twice", "a wrong name"],
)
def test_a_hundred_thousand_columns_are_refused_in_a_line_to_read(names: Sequence[object], told: str) -> None:
    row = ",".join(map(str, names))
    with pytest.raises(DataError) as caught:
        parse_csv(f"{row}\n{row}\n{row}\n", "wide.csv").select(["c10000x"])
    assert str(caught.value).startswith(f"wide.csv: {told}")
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("cell", ["9" * 5000, "x" * 5000])
def test_a_long_cell_is_not_repeated_in_full(cell: str) -> None:
    with pytest.raises(DataError, match=r"row 2, column 'x': .*; got '\w{80} \.\.\.'$"):
        parse_csv(f"x,y\n{cell},1\n2,2\n", "my.csv").numbers("x")


def test_a_column_of_words_is_answered_with_the_option_that_chooses_columns() -> None:
    with pytest.raises(DataError, match=r"got 'Mitte'\. Name columns of numbers with --columns A,B"):
        parse_csv("district,rent\nMitte,1\nNord,2\n", "my.csv").numbers("district")


def test_a_cell_without_end_is_told_with_the_most_it_may_have() -> None:
    with pytest.raises(DataError, match=r"my\.csv, row 3: a cell must have at most 131072 characters"):
        parse_csv('x,y\n1,2\n1,"' + "2,3\n" * 50_000, "my.csv")
