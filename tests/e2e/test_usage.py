import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.browsing import Visit, visiting
from tests.e2e.chart_pictures import CHARTS, Picture, flaws, pictures, pictures_now
from tests.e2e.contrast import expect_readable
from tests.workbook import sheets

SIDEWAYS = "document.querySelector('[data-testid=stMain]').scrollWidth > innerWidth"
OF_SCHOOL = 12
DARK = "rgb(17, 25, 24)"


Look = Callable[[int], Page]


@pytest.fixture(scope="module")
def look(browser: Browser, app_address: str) -> Iterator[Look]:
    """The school's three months, opened once; every look gives the page the width that it asks for."""
    with visiting(browser, app_address) as visit:
        page = visit.open("/Usage?as=siti&range=90")

        def look_at(width: int) -> Page:
            page.set_viewport_size({"width": width, "height": 900})
            return page

        yield look_at


def metric(page: Page, label: str) -> Locator:
    return page.get_by_test_id("stMetric").filter(has=page.get_by_text(label, exact=True))


def downloaded(page: Page, label: str) -> bytes:
    page.get_by_role("button", name="Download", exact=False).first.click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name=label).click()
    page.keyboard.press("Escape")
    return Path(waiting.value.path()).read_bytes()


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("button", name=re.compile("Filters")).click()
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()
    page.keyboard.press("Escape")


@pytest.mark.parametrize("width", [1440, 390])
def test_the_charts_are_whole_and_legible(look: Look, width: int) -> None:
    assert_whole_and_legible(pictures(look(width), least=OF_SCHOOL))


def assert_whole_and_legible(drawn: list[Picture]) -> None:
    assert {one.alt: flaws(one) for one in drawn if flaws(one)} == {}
    spend = next(one for one in drawn if one.alt.startswith("Spend by day, "))
    assert {"Assistant", "Class photos", "Single portraits"} <= {word.text for word in spend.words}
    assert len(spend.marks) == 3
    assert all(one.alt for one in drawn)


@pytest.mark.parametrize(("width", "columns"), [(1440, 3), (1024, 2), (390, 1)])
def test_the_grid_has_no_hole(look: Look, width: int, columns: int) -> None:
    page = look(width)
    pictures(page, least=OF_SCHOOL)

    rows: dict[int, list[tuple[int, int]]] = {}
    for top, left, right in page.evaluate(CARDS):
        rows.setdefault(top, []).append((left, right))
    assert len({(min(left for left, _ in row), max(right for _, right in row)) for row in rows.values()}) == 1
    assert max(len(row) for row in rows.values()) == columns
    assert not page.evaluate(SIDEWAYS)


def test_the_table_behind_a_chart_fits_a_phone(look: Look) -> None:
    page = look(390)
    pictures(page, least=OF_SCHOOL)

    page.get_by_role("button", name="Table").first.click()
    table = page.get_by_test_id("stPopoverBody").get_by_test_id("stDataFrame")

    expect(table).to_be_visible()
    box = page.get_by_test_id("stPopoverBody").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    page.keyboard.press("Escape")


def test_quiet_words_can_be_read(look: Look) -> None:
    page = look(1440)
    pictures(page, least=OF_SCHOOL)

    expect_readable(page)


def test_charts_keep_their_light_when_it_changes_and_have_the_new_one_after_a_click(visit: Visit) -> None:
    page = visit.open("/Usage?as=siti&range=90")
    light = pictures(page, least=OF_SCHOOL)

    page.emulate_media(color_scheme="dark")
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", DARK)
    still = pictures_now(page)
    assert {one.alt: flaws(one) for one in still if flaws(one)} == {}
    assert [one.ground for one in still] == [one.ground for one in light]

    page.get_by_role("radio", name="7 days").click()
    drawn = pictures(page, least=1, dark=True)
    assert {one.alt: flaws(one) for one in drawn if flaws(one)} == {}
    page.get_by_role("radio", name="90 days").click()
    expect(page.locator(CHARTS).first).to_have_attribute("aria-label", light[0].alt)
    visit.settle()
    assert_whole_and_legible(pictures(page, least=OF_SCHOOL, dark=True))
    expect_readable(page)


def test_an_admin_filters_gets_files_and_comes_back_to_the_same(visit: Visit) -> None:
    page = visit.open("/Usage?as=siti&range=90")
    choose(page, "Teacher", "Arjun Nair")
    expect(page).to_have_url(re.compile("teacher="))
    expect(page.get_by_text("only Arjun Nair", exact=False).first).to_be_visible()
    visit.settle()
    shown = metric(page, "Requests").get_by_test_id("stMetricValue").inner_text()

    book = sheets(downloaded(page, "Download XLSX"))
    lines = list(csv.reader(io.StringIO(downloaded(page, "Download CSV").decode("utf-8-sig"))))

    assert [row[0] for row in book["By teacher"][1:]] == ["Arjun Nair"]
    assert {row[0]: row[1] for row in book["Figures"]}["Requests"] == shown
    assert ["Requests", shown] in [row[:2] for row in lines]
    assert [[name] in lines for name in book] == [True] * len(book)

    page.reload()
    expect(page.get_by_role("radio", name="90 days")).to_be_checked()
    expect(page.get_by_role("button", name=re.compile(r"Filters \(1\)"))).to_be_visible()
    expect(metric(page, "Requests").get_by_test_id("stMetricValue")).to_have_text(shown)


def test_a_teacher_comes_from_home_and_sees_and_downloads_their_own_alone(visit: Visit) -> None:
    page = visit.open("/?as=mei")

    page.get_by_role("link", name="See where it went").click()
    expect(page).to_have_url(re.compile("Usage.*range=month"))
    expect(page.get_by_text("What you used yourself", exact=False)).to_be_visible()
    expect(page.locator(CHARTS).first).to_be_visible()
    expect(page.get_by_text("By teacher", exact=True)).to_have_count(0)
    book = sheets(downloaded(page, "Download XLSX"))

    assert "By teacher" not in book
    assert "Arjun" not in str(book)


def test_the_invoice_is_pasted_and_compared(visit: Visit) -> None:
    page = visit.open("/Usage?as=siti&view=invoice")

    paste = page.get_by_role("textbox", name=re.compile("Lines of the invoice"))
    paste.fill("gpt-6-luna, $1000\nnothing here")
    paste.press("Control+Enter")

    expect(metric(page, "Invoice")).to_contain_text("$1,000.00")
    expect(page.get_by_text("1 line could not be read and is left out.")).to_be_visible()
    expect(page.get_by_text(re.compile("The invoice is .* higher than the ledger"))).to_be_visible()
    expect_readable(page)
    page.emulate_media(color_scheme="dark")
    expect_readable(page)


# Top, left and right of every card of the grid, each with its bold title.
CARDS = """
() => [...document.querySelectorAll('[data-testid="stMain"] [data-testid="stMarkdown"] strong')]
  .filter((one) => one.innerText !== "What went wrong")
  .map((one) => {
    let card = one;
    const isCard = () => parseFloat(getComputedStyle(card).borderTopWidth) > 0 && card.clientHeight > 80;
    while (!isCard()) card = card.parentElement;
    const box = card.getBoundingClientRect();
    return [Math.round(box.top), Math.round(box.left), Math.round(box.right)];
  })
"""
