"""Conversations with the assistant, whose provider the test holds in its hands."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from core.demo.pauses import Timing
from tests.e2e.assistant import answer, ask, box, expect_ended, message, stop_button, writing
from tests.e2e.browsing import visiting
from tests.e2e.school import School

STOPPED_WITHIN_MS = 5000
"""Half a second where nothing else runs; an answer that is not stopped goes on for forty here."""
NOBODY_HURRIES = Timing(chat_first_s=0.2, chat_piece_s=0.1)
LONG = tuple(f"Sentence {number} of this answer goes on for a while. " for number in range(400))


@pytest.fixture
def page(browser: Browser, school: School) -> Iterator[Page]:
    """The empty page; what left the school in the test named nobody."""
    with visiting(browser, school.address) as visit:
        yield visit.open("/Assistant")


@pytest.fixture(scope="module")
def tab(browser: Browser, shared_school: School) -> Iterator[Page]:
    """The same page for several tests, which begin with a new conversation."""
    with visiting(browser, shared_school.address) as visit:
        yield visit.open("/Assistant")


@pytest.fixture
def slow(school: School) -> School:
    """An answer that takes as long as the test likes."""
    school.provider.pieces = LONG
    school.provider.pace(NOBODY_HURRIES)
    return school


def test_plain_words_are_understood_and_the_conversation_goes_on(page: Page) -> None:
    ask(page, "How is Aaliyah Nur doing?")
    expect_ended(page)
    expect(page.get_by_role("heading", name="Progress of Aaliyah Nur binte Hamzah")).to_be_visible()
    expect(answer(page).locator("strong").first).to_have_text("Aaliyah Nur binte Hamzah")

    ask(page, "And what do I tell her parents?")
    expect_ended(page)

    expect(message(page, "user")).to_have_count(2)
    expect(message(page, "assistant")).to_have_count(2)
    expect(page.get_by_text(re.compile(r"Today \d\d:\d\d · 4 messages · \$0\.\d+"))).to_be_visible()
    expect(page.get_by_test_id("stSidebar").get_by_role("button", name="Progress of Aaliyah").first).to_be_visible()
    # The newest is in sight without scrolling.
    expect(page.get_by_role("button", name="Regenerate").last).to_be_in_viewport()


def test_a_classs_cards_are_there_before_the_first_word(page: Page, school: School) -> None:
    school.provider.hold()

    ask(page, "/ptm P5 Integrity")

    expect(page.get_by_role("heading", name="Students of P5 Integrity")).to_be_visible()
    expect(page.get_by_test_id("stMain").get_by_role("button", name="Open").first).to_be_visible()
    expect(page.get_by_text(re.compile(r"Writing… · \d+ records of \d+ students"))).to_be_visible()
    assert answer(page).get_by_role("listitem").count() == 0
    school.provider.answer()
    expect(answer(page).get_by_role("listitem").first).to_be_visible()
    stop_button(page).click()


def test_a_citation_opens_its_record(page: Page) -> None:
    ask(page, "/ptm Aaliyah Nur binte Hamzah")
    expect_ended(page)
    conversation = page.url

    cited = page.get_by_role("radiogroup", name="Records behind this answer").get_by_role("radio").first
    day = str(cited.text_content()).rpartition(", ")[2]
    cited.click()

    drawer = page.get_by_role("dialog", name="Aaliyah Nur binte Hamzah")
    block = drawer.locator(".st-key-cited")
    expect(block).to_be_in_viewport()
    expect(block).to_contain_text("Cited here")
    expect(block).to_contain_text(day)
    expect(page).to_have_url(re.compile("&student=.*&record="))
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).to_have_url(conversation)


def test_what_was_sent_shows_tokens_and_whom_they_stand_for(page: Page) -> None:
    ask(page, "/progress Aaliyah Nur binte Hamzah")
    expect_ended(page)

    page.get_by_role("button", name="What was sent").click()

    dialog = page.get_by_role("dialog", name="What was sent")
    sent = dialog.get_by_role("tabpanel", name="Message")
    expect(sent).to_contain_text("STUDENT_1: Attendance")
    expect(sent).not_to_contain_text("Aaliyah")
    dialog.get_by_role("tab", name="Replaced names").click()
    expect(dialog.get_by_role("row", name="STUDENT_1 Aaliyah Nur binte Hamzah")).to_be_visible()
    dialog.get_by_role("tab", name="Request").click()
    expect(dialog.get_by_text('"role": "system"')).to_be_visible()


@pytest.mark.parametrize("is_silent", [False, True], ids=["writing", "silent"])
def test_stop_takes_effect_at_once(
    page: Page, slow: School, is_silent: bool, record_property: Callable[[str, object], None]
) -> None:
    if is_silent:
        slow.provider.hold()
    ask(page, "Tell me a lot.")
    if not is_silent:
        expect(answer(page)).to_contain_text("Sentence 2")
    expect(stop_button(page)).to_be_visible()
    page.evaluate(NOTE_STOPS)
    stop_button(page).click()
    expect(answer(page)).to_contain_text("Stopped by you.")
    expect(stop_button(page)).to_have_count(0)

    took_ms = page.evaluate("window.stoppedAt - window.clickedAt")
    record_property("stopped_after_ms", took_ms)
    assert took_ms <= STOPPED_WITHIN_MS


@pytest.mark.usefixtures("slow")
def test_esc_stops_from_within_the_box_and_the_text_stays(page: Page) -> None:
    ask(page, "Tell me a lot.")
    expect(answer(page)).to_contain_text("Sentence 2")

    box(page).press_sequentially("And then")
    page.keyboard.press("Escape")

    expect(answer(page)).to_contain_text("Stopped by you.")
    expect(box(page)).to_have_value("And then")
    expect(box(page)).to_be_focused()


@pytest.mark.usefixtures("slow")
def test_the_focus_stays_where_the_next_key_is_meant_for(page: Page) -> None:
    # Cards come beside the messages, so the box is drawn at another place.
    ask(page, "/ptm P5 Integrity")
    expect(stop_button(page)).to_be_visible()
    expect(box(page)).to_be_focused()

    stop_button(page).press("Enter")
    expect(answer(page)).to_contain_text("Stopped by you.")
    expect(page.get_by_role("button", name="Stopped")).to_be_focused()

    page.get_by_role("button", name="Edit").press("Enter")
    expect(page.get_by_role("textbox", name="Your question")).to_be_visible()
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()


@pytest.mark.usefixtures("slow")
def test_a_reload_and_another_page_lose_nothing(page: Page) -> None:
    ask(page, "Tell me a lot.")
    expect(answer(page)).to_contain_text("Sentence 1 ")
    expect(page).to_have_url(re.compile("chat="))
    page.add_init_script(AS_A_BUSY_BROWSER)
    page.evaluate("sessionStorage.setItem('busy', 'yes')")
    page.reload()
    expect(answer(page)).to_contain_text("Sentence 1 ")
    expect(writing(page)).to_be_visible()
    page.get_by_role("link", name="Home").click()
    expect(page.get_by_role("heading", name="My classes")).to_be_visible()
    page.go_back()

    expect(answer(page)).to_contain_text("Sentence 30 ")
    stop_button(page).click()
    expect(answer(page)).to_contain_text("Stopped by you.")


def test_two_tabs_see_the_same_answer_and_either_stops_it(browser: Browser, page: Page, slow: School) -> None:
    ask(page, "Tell me a lot.")
    expect(page).to_have_url(re.compile("chat="))
    with visiting(browser, slow.address) as other:
        other.page.goto(page.url)
        expect(answer(other.page)).to_contain_text("Sentence 10 ")
        expect(answer(page)).to_contain_text("Sentence 10 ")

        stop_button(other.page).click()

        expect(answer(other.page)).to_contain_text("Stopped by you.")
        expect(answer(page)).to_contain_text("Stopped by you.")


def test_an_answer_is_there_though_its_tab_was_closed(browser: Browser, school: School) -> None:
    school.provider.pieces = LONG[:60]
    school.provider.pace(Timing(chat_first_s=0.2, chat_piece_s=0.05))
    with visiting(browser, school.address) as visit:
        ask(visit.open("/Assistant"), "Tell me something.")
        expect(answer(visit.page)).to_contain_text("Sentence 1 ")
        conversation = visit.page.url.removeprefix(school.address)
    give_up_after = text("select pg_sleep(0.2), count(*) as left from chat_messages where state = 'writing'")
    assert any(school.owner.execute(give_up_after).one().left == 0 for _ in range(100))

    with visiting(browser, school.address) as later:
        page = later.open(conversation)

        expect(answer(page)).to_contain_text("Sentence 59 ")
        expect_ended(page)


def test_a_question_over_the_limit_of_a_minute_stays_in_the_box(page: Page, school: School) -> None:
    limit = "update limits set at_most = :most, per_seconds = :per where type = 'chat'"
    school.owner.execute(text("delete from rate_limits where type = 'chat'"))
    school.owner.execute(text(limit), {"most": 2, "per": 60})
    school.provider.pieces = ("So.",)
    try:
        for number in range(2):
            ask(page, f"Question {number}?")
            expect_ended(page)
        box(page).fill("Question 2?")
        box(page).press("Enter")

        expect(page.get_by_text(re.compile(r"Ask again at \d\d:\d\d:\d\d; your text stays in the box"))).to_be_visible()
        expect(box(page)).to_have_value("Question 2?")
        expect(message(page, "user")).to_have_count(2)
    finally:
        school.owner.execute(text(limit), {"most": 1000, "per": 1})


@pytest.mark.parametrize(
    ("fault", "said", "keeps_text"),
    [
        ("401", "did not accept the key", False),
        ("429", "busy", False),
        ("500", "It may have been charged", False),
        ("moderation_blocked", "safety filter", False),
        ("bad_json", "Cut off", True),
        ("html_200", "It may have been charged", False),
        ("cut_stream", "Cut off", True),
        ("error_in_chunk", "Cut off", True),
        ("drop_after_headers", "Cut off", True),
    ],
)
def test_every_fault_is_explained_and_what_came_is_kept(
    tab: Page, school: School, fault: str, said: str, keeps_text: bool
) -> None:
    page = tab
    page.keyboard.press("Alt+n")
    expect(page.get_by_role("heading", name="What do you need, Mei Tan?")).to_be_visible()
    school.provider.faults.always(fault)

    ask(page, "How is Aaliyah Nur doing?")

    expect(writing(page)).to_have_count(0)
    expect(answer(page).locator("[class*=st-key-end_]")).to_contain_text(said)
    expect(page.get_by_role("button", name="Continue")).to_have_count(1 if keeps_text else 0)
    expect(page.get_by_role("button", name="Regenerate")).to_be_enabled()
    if keeps_text:
        expect(answer(page)).to_contain_text("Aaliyah Nur binte Hamzah")


def test_a_drawer_is_used_while_the_answer_goes_on_and_ends(page: Page, school: School) -> None:
    school.provider.pieces = LONG[:180]
    school.provider.pace(Timing(chat_first_s=0.2, chat_piece_s=0.1))
    ask(page, "/ptm Aaliyah Nur binte Hamzah")
    expect(answer(page)).to_contain_text("Sentence 2 ")
    page.locator("[class*=st-key-card_]").get_by_role("button").click()
    drawer = page.get_by_role("dialog", name="Aaliyah Nur binte Hamzah")

    drawer.get_by_role("button", name="Add observation").click()
    field = drawer.get_by_role("textbox").last
    field.fill("Read aloud to the class")
    # Its button did not wait for the answer's end.
    assert writing(page).count() == 1
    expect(page.get_by_text("Sentence 179 ", exact=False)).to_be_attached()
    expect(writing(page)).to_have_count(0)

    # The answer's end redraws the page's parts and not the drawer over them.
    expect(drawer).to_be_visible()
    expect(field).to_have_value("Read aloud to the class")
    expect(field).to_be_focused()


def test_a_conversation_is_found_renamed_and_deleted(page: Page, school: School) -> None:
    school.provider.pieces = ("So.",)
    ask(page, "What is a quokka?")
    expect_ended(page)
    more = page.get_by_role("button", name="More")
    more.click()
    page.get_by_role("button", name="Rename").click()
    page.get_by_label("Title").fill("About *animals*")
    page.get_by_role("dialog", name="Rename").get_by_role("button", name="Rename").click()
    expect(page.get_by_role("heading", name="About *animals*")).to_be_visible()

    page.get_by_role("searchbox", name="Search conversations").fill("quokka")
    sidebar = page.get_by_test_id("stSidebar")
    expect(sidebar.get_by_role("button", name="About *animals*")).to_be_visible()

    more.click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog", name="Delete this conversation?").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="What do you need, Mei Tan?")).to_be_visible()
    expect(page).to_have_url(f"{school.address}/Assistant")


def test_it_can_be_exported_and_copied(page: Page, school: School) -> None:
    school.provider.pieces = ("**So** be it.",)
    ask(page, "Is it so?")
    expect_ended(page)

    page.get_by_role("button", name="More").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as Markdown").click()
    assert "**So** be it." in download.value.path().read_text(encoding="utf-8")
    page.keyboard.press("Escape")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").click()
    page.get_by_test_id("stCode").hover()
    page.get_by_role("button", name="Copy to clipboard").click()

    assert page.evaluate("navigator.clipboard.readText()") == "So be it."


def test_on_a_phone_the_cards_follow_the_answer_and_nothing_scrolls_sideways(browser: Browser, school: School) -> None:
    with visiting(browser, school.address, width=390) as visit:
        page = visit.open("/Assistant")
        expect_no_sideways_scrolling(page)
        ask(page, "/ptm P5 Integrity")
        expect(page.get_by_role("heading", name="Students of P5 Integrity")).to_be_attached()
        expect(answer(page).get_by_role("listitem").first).to_be_attached()
        stop_button(page).click()
        expect(answer(page)).to_contain_text("Stopped by you.")

        below = page.get_by_role("heading", name="Students of P5 Integrity").bounding_box()
        above = answer(page).bounding_box()
        assert below is not None
        assert above is not None
        assert below["y"] >= above["y"] + above["height"]
        expect_no_sideways_scrolling(page)


def test_a_shortcut_begins_a_new_conversation(page: Page, school: School) -> None:
    school.provider.pieces = ("So.",)
    ask(page, "Is it so?")
    expect_ended(page)

    page.keyboard.press("Alt+n")

    expect(page.get_by_role("heading", name="What do you need, Mei Tan?")).to_be_visible()


def expect_no_sideways_scrolling(page: Page) -> None:
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390


NOTE_STOPS = """() => {
    window.clickedAt = window.stoppedAt = null
    const count = () => (document.body.innerText.match(/Stopped by you/g) ?? []).length
    const before = count()
    document.addEventListener("click", () => { window.clickedAt ??= performance.now() }, {capture: true, once: true})
    window.stopWatch?.disconnect()
    window.stopWatch = new MutationObserver(() => { if (count() > before) window.stoppedAt ??= performance.now() })
    window.stopWatch.observe(document.body, {subtree: true, childList: true, characterData: true})
}"""


# A browser that is busy reads all that came meanwhile in one go: here, once, what the server sends within two seconds.
# The tab is used again by later tests, which have a browser that is not.
AS_A_BUSY_BROWSER = """if (sessionStorage.getItem("busy")) {
    sessionStorage.removeItem("busy")
    window.WebSocket = class extends window.WebSocket {
        addEventListener(type, read) {
            if (type !== "message") return super.addEventListener(type, read)
            let kept = []
            super.addEventListener(type, (event) => kept ? kept.push(event) : read(event))
            setTimeout(() => { const all = kept; kept = null; all.forEach(read) }, 2000)
        }
    }
}"""
