import codecs

import pytest

from core.errors import UnreadableFile
from core.roster.importing.recognition import COLUMNS_READ
from core.roster.importing.tables import MAX_ROWS, Table, column_key, read_tables
from core.roster.importing.uploads import Upload

COLUMNS = frozenset({"name", "class", "gender", "indexno"})
LINES = "Name,Class\nÉloïse Tan,5 Integrity\n"


def table_of(data: bytes | str, name: str = "list.csv") -> Table:
    content = data if isinstance(data, bytes) else data.encode()
    (table,) = read_tables([Upload(name, content)], columns=COLUMNS)
    return table


@pytest.mark.parametrize(
    "data",
    [
        LINES.encode(),
        codecs.BOM_UTF8 + LINES.encode(),
        LINES.encode("utf-16"),
        codecs.BOM_UTF16_BE + LINES.encode("utf-16-be"),
        LINES.encode("cp1252"),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16 little", "utf-16 big", "windows-1252"],
)
def test_each_encoding_of_real_exports_is_read(data: bytes) -> None:
    assert table_of(data).rows[0].cells == {"name": "Éloïse Tan", "class": "5 Integrity"}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("has_final_newline", [True, False])
def test_each_kind_of_line_end_is_read(end: str, *, has_final_newline: bool) -> None:
    text = end.join(["Name", "Aisha", "Ben"]) + (end if has_final_newline else "")

    rows = table_of(text).rows

    assert [(row.number, row.cell("name")) for row in rows] == [(2, "Aisha"), (3, "Ben")]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_each_separator_is_found(separator: str) -> None:
    rows = table_of(separator.join(["Name", "Class"]) + "\n" + separator.join(["Aisha", "5 Integrity"])).rows

    assert rows[0].cells == {"name": "Aisha", "class": "5 Integrity"}


def test_a_name_with_a_comma_stays_whole_where_the_list_has_one_column() -> None:
    assert table_of("Name\nTan, Wei Ming\n").rows[0].cell("name") == "Tan, Wei Ming"


def test_quotation_marks_keep_separators_and_line_breaks_together() -> None:
    rows = table_of('Name,Class\n"Tan, Wei\nMing",5 Integrity\nBen,4 Courage\n').rows

    assert rows[0].cell("name") == "Tan, Wei\nMing"
    assert [row.number for row in rows] == [2, 3]


def test_an_open_quotation_mark_is_refused_with_its_row() -> None:
    with pytest.raises(UnreadableFile, match=r"Row 3 of list\.csv"):
        table_of('Name,Class\nAisha,5 Integrity\n"Ben,4 Courage\n')


def test_empty_rows_are_not_read_but_counted_as_a_spreadsheet_does() -> None:
    rows = table_of("Name,Class\nAisha,P5\n\n ,\nBen,P5\n").rows

    assert [(row.number, row.cell("name")) for row in rows] == [(2, "Aisha"), (5, "Ben")]


def test_a_short_row_lacks_its_last_cells_and_a_long_one_is_known() -> None:
    short, long, padded = table_of("Name,Class\nAisha\nTan, Ben,P5\nChen,P5,,\n").rows

    assert (short.cell("class"), short.is_overlong) == ("", False)
    assert long.is_overlong
    assert not padded.is_overlong


def test_headings_differ_in_case_spaces_and_order_and_others_are_dropped() -> None:
    table = table_of("INDEX_NO,Shoe size, name \n7,38,Aisha\n")

    assert table.rows[0].cells == {"indexno": "7", "name": "Aisha"}
    assert dict(table.headings) == {"indexno": "INDEX_NO", "name": "name"}


def test_headings_that_are_not_read_are_named_and_their_cells_are_not_kept() -> None:
    table = table_of("Name,Race,,Shoe size,name\nAisha,never-this,x,never-this,Ben\n")

    assert table.unread == ("Race", "Shoe size", "name")
    assert "never-this" not in repr(table)


@pytest.mark.parametrize(
    ("headings", "read_as"),
    [
        ("Name (as in register),Gender (M/F)", ["Name (as in register)", "Gender (M/F)"]),
        ("Name (Chinese),Name,Class [2026]", ["Name", "Class [2026]"]),
        ("Name (father),Class (last year)", []),
        ("Name,Class (Index No)", ["Name", "Class (Index No)"]),
    ],
)
def test_brackets_in_a_heading_are_passed_over_unless_they_mean_someone_else(headings: str, read_as: list[str]) -> None:
    assert sorted(table_of(f"{headings}\n").headings.values()) == sorted(read_as)


def test_titles_above_the_headings_are_passed_over() -> None:
    rows = table_of("Class list 2026\n\nName,Class\nAisha,P5\n").rows

    assert [(row.number, row.cell("name")) for row in rows] == [(4, "Aisha")]


def test_a_file_with_headings_alone_has_no_rows() -> None:
    assert table_of("Name,Class").rows == ()


def test_the_first_of_two_columns_with_one_heading_counts() -> None:
    assert table_of("Name,name\nAisha,Ben\n").rows[0].cell("name") == "Aisha"


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\x00\x00", LINES.encode("utf-16-le"), b"\x81\x8d\xff"])
def test_what_is_not_text_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match="not a CSV file or a zip"):
        table_of(data)


def test_more_rows_than_a_school_has_are_refused() -> None:
    with pytest.raises(UnreadableFile, match="more than 100000 rows"):
        table_of("Name\n" + "A\n" * MAX_ROWS)


def test_no_format_asks_for_a_column_that_must_not_be_read() -> None:
    never = (
        "password",
        "race",
        "ethnic",
        "birthplace",
        "placeofbirth",
        "religion",
        "national",
        "nric",
        "fin",
        "passport",
    )

    assert not [column for column in COLUMNS_READ for word in never if word in column]


def test_a_column_is_known_by_its_letters_and_digits() -> None:
    assert column_key(" School_SIS id. ") == column_key("schoolsisid")
