import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Download, Locator, Page, expect

from tests.e2e.browsing import Visit, by_recording_command, running_app, visiting
from tests.e2e.drawn_demo import drawn_demo

SAMPLES = Path(__file__).parents[1] / "data" / "microsoft-sds" / "SDS Format"
ADMINS_VIEW = "/Student_roster?as=siti&view=import"
TEACHERS_VIEW = "/Student_roster?as=mei&view=import"


@pytest.fixture(scope="module")
def school_address() -> Iterator[str]:
    """A demo of these tests' own, since imports are seen by everyone in it."""
    with drawn_demo() as folder, running_app(folder, start=by_recording_command) as running:
        yield running.address


@pytest.fixture
def visit(browser: Browser, school_address: str) -> Iterator[Visit]:
    with visiting(browser, school_address) as visit:
        yield visit


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def upload(page: Page, *files: Path) -> None:
    page.locator("input[type=file]").set_input_files(list(files))


def choose_school(page: Page, name: str) -> None:
    page.get_by_text("This file holds 2 schools.").wait_for()
    page.get_by_text(name, exact=True).click()


def paste(page: Page, content: str) -> None:
    page.get_by_label("Rows from a spreadsheet, headings first").fill(content)
    button(page, "Show preview").click()


def test_an_admin_imports_a_school_twice_and_takes_it_back(visit: Visit) -> None:
    page = visit.open("/Student_roster?as=siti")
    button(page, "Import class list").click()
    upload(page, *(SAMPLES / "25 Users").iterdir())
    choose_school(page, "Contoso High School")
    expect(page.get_by_text("72 changes", exact=True)).to_be_visible()
    button(page, "Apply import").click()
    expect(page.get_by_text("22 students, 2 classes")).to_be_visible()

    button(page, "Open roster").click()
    expect(page.get_by_text("Math - Algebra 1 · ")).to_be_visible()
    expect(button(page, "Ora Christopher Klein")).to_be_visible()
    imported = parse_qs(urlsplit(page.url).query)["class"][0]

    button(page, "Import class list").click()
    upload(page, *(SAMPLES / "25 Users").iterdir())
    choose_school(page, "Contoso High School")
    expect(page.get_by_text("Everything in this file is already here.")).to_be_visible()
    expect(button(page, "Apply import")).to_have_count(0)

    button(page, "Choose another file").click()
    button(page, "Undo import").click()
    expect(page.get_by_text("The import is undone.")).to_be_visible()
    button(page, "Back to the roster").click()
    expect(page.get_by_role("heading", name="Student roster")).to_be_visible()
    expect(page).not_to_have_url(re.compile(imported))
    expect(page.get_by_role("combobox", name="Class")).to_be_visible()


@pytest.mark.parametrize(
    ("folder", "counts"),
    [("Min Required Attributes", ["All 74", "Ignored 1"]), ("100 Users", ["All 758", "Ignored 242"])],
)
def test_a_zip_and_a_folder_are_read_alike(visit: Visit, tmp_path: Path, folder: str, counts: list[str]) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        for file in (SAMPLES / folder).iterdir():
            archive.write(file, f"{folder}/{file.name}")
    page = visit.open(ADMINS_VIEW)

    upload(page, tmp_path / "export.zip")
    choose_school(page, "Contoso High School")
    for count in counts:
        expect(page.get_by_role("radio", name=count, exact=True)).to_be_visible()

    button(page, "Choose another file").click()
    page.get_by_role("radio", name="Folder").click()
    page.locator("input[webkitdirectory]").set_input_files(SAMPLES / folder)
    choose_school(page, "Contoso High School")
    for count in counts:
        expect(page.get_by_role("radio", name=count, exact=True)).to_be_visible()


def test_a_teacher_pastes_a_list_with_a_row_to_mend(visit: Visit) -> None:
    page = visit.open(TEACHERS_VIEW)
    paste(page, "Name,Gender\nVikram s/o Anand,M\nNur Hidayah binte Osman,F\n,M\n")
    expect(page.get_by_text("Nothing is saved yet.")).to_be_visible()
    expect(page.get_by_text("2 changes", exact=True)).to_be_visible()
    expect(page.get_by_text("1 row is refused and stays out.")).to_be_visible()
    with page.expect_download() as refused:
        button(page, "Download CSV").click()

    button(page, "Apply import").dblclick()

    assert lines_of(refused.value)[1] == 'Pasted list,4,Name,,"No name. Fill in the name, or delete the row."'
    expect(page.get_by_text("2 students created.")).to_be_visible()
    # While the page is drawn anew, the preview's words stand below for a moment.
    expect(page.get_by_text("1 row is refused and stays out.").first).to_be_visible()
    page.reload()
    button(page, "Undo import").click()
    expect(page.get_by_text("The import is undone.")).to_be_visible()


def test_a_teacher_can_not_import_a_school(visit: Visit) -> None:
    page = visit.open(TEACHERS_VIEW)

    upload(page, *(SAMPLES / "25 Users").iterdir())

    expect(page.get_by_text("Only an admin may import this file.")).to_be_visible()


def test_an_imported_student_gets_a_portrait(visit: Visit) -> None:
    page = visit.open(ADMINS_VIEW)
    upload(page, *(SAMPLES / "100 Users").iterdir())
    choose_school(page, "Fabrikam High School")
    button(page, "Apply import").click()
    button(page, "Open roster").click()
    visit.settle()
    page.get_by_role("button", name="Generate photo").first.click()

    expect(page.get_by_role("img", name="AI-generated portrait of")).to_be_visible()


def test_the_preview_fits_a_phone(browser: Browser, school_address: str) -> None:
    with visiting(browser, school_address, width=390) as visit:
        page = visit.open(TEACHERS_VIEW)
        paste(page, "Name,Gender\nEve Tan,F\n,M\n")
        button(page, "Apply import").wait_for()

        main = page.get_by_test_id("stMain")
        assert main.evaluate("element => element.scrollWidth <= element.clientWidth")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def lines_of(download: Download) -> list[str]:
    return Path(download.path()).read_text(encoding="utf-8-sig").splitlines()
