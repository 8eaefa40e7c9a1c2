from collections.abc import Callable

import pytest

from core.errors import UnreadableFile
from core.roster.importing.neutral import LeftOut, NeutralRoster, Student
from core.roster.importing.recognition import read_roster
from core.roster.importing.uploads import Upload

Read = Callable[..., NeutralRoster]


def only(roster: NeutralRoster) -> Student:
    assert not roster.left_out
    (student,) = roster.students
    return student


def problem(roster: NeutralRoster) -> LeftOut:
    assert not roster.students
    (row,) = roster.left_out
    return row


def test_a_name_in_one_column_stays_as_it_is_written(read: Read) -> None:
    student = only(read("Student Name\nDevi d/o  Raman Pillai \n"))

    assert student.full_name == "Devi d/o  Raman Pillai"


def test_parts_of_a_name_are_put_together_in_their_order(read: Read) -> None:
    student = only(read("Surname,Given name,Middle name\nTan,Mei,Li\n"))

    assert student.full_name == "Mei Li Tan"


def test_all_columns_a_list_may_have_are_read(read: Read) -> None:
    student = only(
        read("No.,Name,Known as,Sex,Level,Form class,Student ID\n07,Tan Wei Ming,Marcus,M,Primary 5,5 Integrity,S-19\n")
    )

    assert (student.index_no, student.full_name, student.preferred_name) == (7, "Tan Wei Ming", "Marcus")
    assert (student.gender, student.level, student.class_name) == ("male", "P5", "5 Integrity")
    assert student.sourced_id == "S-19"


@pytest.mark.parametrize("heading", ["Reg No", "Class Index", "S/N", "Index No."])
def test_an_index_number_has_many_headings(read: Read, heading: str) -> None:
    assert only(read(f"Name,{heading}\nAisha,7\n")).index_no == 7


def test_what_is_not_read_is_named(read: Read) -> None:
    roster = read("Name,Gender (M/F),Reg No,NRIC,Username,Class\nAisha,F,1,S1234567D,aisha,1A\n")

    assert set(roster.unread_columns) == {"NRIC", "Username"}
    assert (only(roster).gender, only(roster).index_no) == ("female", 1)


@pytest.mark.parametrize(
    ("cell", "gender"), [("F", "female"), ("girl", "female"), ("Male", "male"), ("b", "male"), ("", None), ("x", None)]
)
def test_gender_is_what_the_file_says_or_not_known(read: Read, cell: str, gender: str | None) -> None:
    assert only(read(f"Name,Gender\nAisha,{cell}\n")).gender == gender


@pytest.mark.parametrize(
    ("heading", "cell", "level"),
    [
        ("Level", "p5", "P5"),
        ("Level", "Pri 5", "P5"),
        ("Level", "Secondary 2", "Sec 2"),
        ("Level", "Sec  2", "Sec 2"),
        ("Grade", "9", "Grade 9"),
        ("Year", "09", "Year 9"),
        ("Level", "JC 1", "JC 1"),
        ("Level", "P7", "P7"),
        ("Level", "", None),
    ],
)
def test_levels_are_written_as_the_school_does(read: Read, heading: str, cell: str, level: str | None) -> None:
    assert only(read(f"Name,{heading}\nAisha,{cell}\n")).level == level


@pytest.mark.parametrize(
    ("heading", "cell", "says"),
    [
        ("Name", '""', "No name. Fill in the name, or delete the row."),
        ("Gender", "Q", "“Q” is not a gender known here"),
        ("Index No", "0", "“0” is not an index number"),
        ("Index No", "1.5", "“1.5” is not an index number"),
        ("Index No", "1000", "“1000” is not an index number"),
        ("Student ID", "S1234567D", "identity card number"),
        ("Class", "x" * 201, "Longer than 200 letters"),
        ("Class", "a\x07b", "can't be shown"),
    ],
)
def test_a_cell_that_means_nothing_refuses_its_row(read: Read, heading: str, cell: str, says: str) -> None:
    headings, cells = ("Name,Class", f"{cell},P5") if heading == "Name" else (f"Name,{heading}", f"Aisha,{cell}")

    row = problem(read(f"{headings}\n{cells}\n"))

    assert says in row.problem
    assert (row.source.row, row.column, row.is_refused) == (2, heading, True)


def test_an_identity_card_number_is_not_repeated_anywhere(read: Read) -> None:
    assert "S1234567D" not in repr(read("Name,Student ID\nAisha,S1234567D\n"))


def test_a_row_with_more_cells_than_headings_is_refused_without_showing_a_cell_as_a_name(read: Read) -> None:
    row = problem(read("Name,Class\nTan, Wei Ming,5 Integrity\n"))

    assert "More cells than headings" in row.problem
    assert row.name == ""


def test_several_lists_are_read_together_and_other_files_are_named() -> None:
    files = [Upload("5i.csv", b"Name\nAisha\n"), Upload("4c.csv", b"Name\nBen\n"), Upload("fees.csv", b"Amount\n5\n")]

    roster = read_roster(files)

    assert [(student.source.file, student.full_name) for student in roster.students] == [
        ("5i.csv", "Aisha"),
        ("4c.csv", "Ben"),
    ]
    assert roster.unread_files == ("fees.csv",)


def test_a_list_without_a_class_column_asks_for_a_class(read: Read) -> None:
    assert read("Name\nAisha\n").needs_class
    assert not read("Name,Class\nAisha,P5\n").needs_class


@pytest.mark.parametrize("text", ["", "Amount,Paid\n5,yes\n", "hello"])
def test_a_file_without_names_is_refused_with_what_to_do(read: Read, text: str) -> None:
    with pytest.raises(UnreadableFile, match="no column of names"):
        read(text)


@pytest.mark.parametrize(
    "heading", ["Password", "Race", "Ethnicity", "Birthplace", "Religion", "NRIC", "Nationality", "Place of birth"]
)
def test_what_must_not_be_read_is_nowhere(read: Read, heading: str) -> None:
    roster = read(f"Name,{heading},Gender\nAisha,never-this,F\nBen,never-this,?\n,never-this,F\n")

    assert "never-this" not in repr(roster)
    assert len(roster.left_out) == 2
