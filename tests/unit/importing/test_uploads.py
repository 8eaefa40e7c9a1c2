import io
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UnreadableFile
from core.roster.importing import uploads
from core.roster.importing.recognition import read_roster
from core.roster.importing.uploads import Upload, csv_files, digest, pasted, uploads_at


def zipped(files: dict[str, bytes]) -> Upload:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return Upload("export.zip", out.getvalue())


def test_the_lists_in_a_zip_are_found_wherever_they_lie() -> None:
    archive = zipped({"export/Student.csv": b"a", "__MACOSX/._Student.csv": b"b", "read me.pdf": b"c", ".x.csv": b"d"})

    assert csv_files([archive]) == (Upload("export/Student.csv", b"a"),)


def test_a_file_and_pasted_text_stay_as_they_are() -> None:
    assert csv_files([Upload("list.csv", b"Name\n"), pasted("Name\nÉ")]) == (
        Upload("list.csv", b"Name\n"),
        Upload("Pasted list", "Name\nÉ".encode()),
    )


@pytest.mark.parametrize(
    "data", [zipped({"[Content_Types].xml": b"", "xl/workbook.xml": b""}).data, b"\xd0\xcf\x11\xe0 old workbook"]
)
def test_a_workbook_is_refused_with_what_to_do(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match="Save it as CSV"):
        csv_files([Upload("list.xlsx", data)])


def test_a_zip_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_UNPACKED_BYTES", 1000)

    with pytest.raises(UnreadableFile, match="unpacks to more"):
        csv_files([zipped({"a.csv": b"x" * 600, "b.csv": b"x" * 600})])


def test_too_many_files_are_refused() -> None:
    with pytest.raises(UnreadableFile, match="more than 60 files"):
        csv_files([zipped({f"{number}.csv": b"" for number in range(61)})])


def test_too_big_an_upload_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_UPLOAD_BYTES", 10)

    with pytest.raises(UnreadableFile, match="more than 10 MB"):
        csv_files([Upload("a.csv", b"x" * 6), Upload("b.csv", b"x" * 6)])


def test_a_zip_without_lists_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="no CSV file in this zip"):
        csv_files([zipped({"photo.png": b""})])


@pytest.mark.parametrize("keep", [30, -30])
def test_a_damaged_zip_is_refused(keep: int) -> None:
    whole = zipped({"a.csv": b"Name\n" * 50}).data

    with pytest.raises(UnreadableFile, match="damaged"):
        csv_files([Upload("export.zip", whole[:keep])])


@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_zip_with_changed_bytes_is_read_or_refused_and_nothing_else(changes: list[tuple[int, int]]) -> None:
    data = bytearray(zipped({"Student.csv": b"Name\nAisha\n", "School.csv": b"Name\n"}).data)
    for place, value in changes:
        data[place % len(data)] = value

    with suppress(UnreadableFile):
        assert len(csv_files([Upload("export.zip", bytes(data))])) in {1, 2}


@given(st.text(alphabet='Name,;\t\n\r"\x1f\x0b\x85Éa1=', max_size=60))
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    with suppress(UnreadableFile):
        assert read_roster([pasted("Name,Class\n" + text)]).format == "plain"


def test_a_folder_hands_in_the_lists_that_lie_in_it(tmp_path: Path) -> None:
    (tmp_path / "Student.csv").write_bytes(b"a")
    (tmp_path / "notes.docx").write_bytes(b"b")
    (tmp_path / "older").mkdir()

    assert uploads_at(tmp_path) == (Upload("Student.csv", b"a"),)


def test_a_path_without_a_list_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="There is no file at"):
        uploads_at(tmp_path / "missing.csv")
    with pytest.raises(UnreadableFile, match="no CSV file in this folder"):
        uploads_at(tmp_path)


def test_the_digest_is_of_the_content_in_any_order() -> None:
    first, second = Upload("a.csv", b"1"), Upload("b.csv", b"2")

    assert digest([first, second]) == digest([second, Upload("c.csv", b"1")])
    assert digest([first]) != digest([second])


def test_the_content_is_not_in_what_logs_show() -> None:
    assert "secret" not in repr(Upload("a.csv", b"secret"))
