from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection
from streamlit.testing.v1 import AppTest

from core.assistant.commands import Name
from core.assistant.message import AnswerUsage, Kind, State, Subject, Thumb
from core.assistant.whom import About, Candidate
from core.bootstrap import App
from core.errors import AnswerUnderWay, AppError, StillPersonal, TooManyMessages, UnknownStudent
from core.meetings.records import RecordKind
from core.ui.assistant import live
from core.ui.poller import redraw_fragment
from core.ui.text import escape_label
from tests.cast import enrol
from tests.pages.assistant_fakes import FakeAssistant, a_question, a_reply, a_source, an_answer
from tests.pages.conftest import Demo, Open

pytestmark = pytest.mark.usefixtures("assistant")

PAGE = "pages/3_Assistant.py"
LATER = datetime(2026, 11, 12, 2, 42, 13, tzinfo=UTC)


@pytest.fixture
def assistant(app: App) -> Iterator[FakeAssistant]:
    fake, real = FakeAssistant(), app.assistant
    object.__setattr__(app, "assistant", fake)
    yield fake
    object.__setattr__(app, "assistant", real)


def texts(page: AppTest) -> list[str]:
    return [element.value for element in page.main.markdown]


def captions(page: AppTest) -> list[str]:
    return [caption.value for caption in page.main.caption]


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def said(page: AppTest) -> list[str]:
    return [element.value for element in page.warning]


def address(page: AppTest, name: str) -> str:
    """What a test puts there comes back as a list."""
    value = page.query_params[name]
    return str(value[0] if isinstance(value, list) else value)


def click(page: AppTest, label: str, place: int = 0) -> AppTest:
    return [button for button in page.button if button.label == label][place].click().run()


def ask(page: AppTest, text: str) -> AppTest:
    return page.chat_input[0].set_value(text).run()


def test_before_the_first_question_it_offers_what_fits_this_teachers_classes(
    demo: Demo, open_page: Open, assistant: FakeAssistant
) -> None:
    page = open_page(PAGE)

    assert page.subheader[0].value == "What do you need, Mei Tan?"
    offered = [page.button(key=f"assistant_example_{place}").label for place in range(4)]
    # To a screen reader a button is its label alone.
    assert len(set(offered)) == 4
    assert captions(page)[1:5] == [
        "/ptm P5 Integrity · 1 student",
        "/progress Ana Lim · results, attendance",
        "/lesson Mathematics, Primary 5, fractions",
        "/progress P5 Integrity · attendance and results",
    ]
    assert page.chat_input[0].placeholder == "Ask, or type / for a command"

    click(page, "Ask about the student")

    about = Subject(About.STUDENT, demo.ana, "Ana Lim")
    assert assistant.asked == [("ask", "/progress Ana Lim", None, about)]
    (conversation,) = assistant.threads
    assert address(page, "chat") == str(conversation)


def test_the_commands_are_listed(open_page: Open) -> None:
    page = open_page(PAGE)

    assert "**/ptm** :gray[class or student]" in page.table[0].value.iloc[:, 0].tolist()


def test_whoever_has_no_students_can_still_plan_a_lesson(open_page: Open) -> None:
    page = open_page(PAGE, **{"as": "arjun"})

    assert "Plan the lesson" in labels(page)
    assert "Ask about the class" not in labels(page)
    assert "/lesson Mathematics, Primary 5, fractions" in captions(page)


def test_an_admin_gets_examples_of_the_schools_classes(open_page: Open) -> None:
    assert "/ptm P5 Integrity · 1 student" in captions(open_page(PAGE, **{"as": "siti"}))


def test_a_link_about_a_student_offers_what_is_about_them(
    demo: Demo, open_page: Open, assistant: FakeAssistant
) -> None:
    page = open_page(PAGE, about=str(demo.ana))

    assert page.subheader[0].value == "What do you need for Ana Lim?"
    ask(page, "Which books would she like?")

    about = Subject(About.STUDENT, demo.ana, "Ana Lim")
    assert assistant.asked == [("ask", "Which books would she like?", None, about)]
    assert "about" not in page.query_params


def test_a_command_says_itself_whom_it_is_about(demo: Demo, open_page: Open, assistant: FakeAssistant) -> None:
    ask(open_page(PAGE, about=str(demo.ana)), "/ptm P5 Integrity")

    assert assistant.asked == [("ask", "/ptm P5 Integrity", None, None)]


def test_a_student_of_somebody_else_is_not_named(demo: Demo, open_page: Open, owner: Connection) -> None:
    bala = enrol(owner, demo.courage, "Bala s/o Kumar")

    page = open_page(PAGE, about=str(bala))

    assert said(page) == [str(UnknownStudent())]
    assert page.subheader[0].value == "What do you need, Mei Tan?"


def test_the_address_brings_a_conversation_back(open_page: Open, assistant: FakeAssistant) -> None:
    chat = assistant.keep("Fractions", a_question("And *halves*?\n# <b>\n---"), an_answer("**Well.**"))

    page = open_page(PAGE, chat=str(chat))

    assert page.title[0].value == "Fractions"
    assert texts(page) == ["And \\*halves\\*?  \n\\# \\<b\\>  \n\\---", "**Well.**"]
    assert captions(page)[0].endswith(r"2 messages · \$0.0004")


def test_what_makes_no_sense_in_the_address_is_taken_out(open_page: Open) -> None:
    page = open_page(PAGE, chat="5", about="x", student="y")

    assert not {"chat", "about", "student"} & set(page.query_params)
    assert page.title[0].value == "Assistant"


def test_a_conversation_that_is_gone_is_said_so(open_page: Open) -> None:
    page = open_page(PAGE, chat=str(uuid4()))

    assert said(page) == ["This part of the conversation is no longer there. Open it again, or start a new one."]
    assert "New conversation" in labels(page)


def test_an_answer_is_streamed_to_its_end(
    open_page: Open, assistant: FakeAssistant, demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    # There is no browser here that asks for it.
    monkeypatch.setattr(live, "redraw_soon", redraw_fragment)
    assistant.says = "First.\n\nSecond [r1]."
    assistant.sources = {"r1": a_source("Mathematics", demo.ana)}

    page = ask(open_page(PAGE), "How is it?")
    page.run()

    assert texts(page)[0] == "How is it?"
    assert texts(page)[1].strip() == "First."
    assert ":blue-badge[1]" in texts(page)[2]
    assert "Stop" not in labels(page)
    assert "Regenerate" in labels(page)


def test_while_it_is_written_it_can_be_stopped_and_nothing_else_is_asked(
    open_page: Open, assistant: FakeAssistant
) -> None:
    # No browser asks for the stream here, so this is what is drawn before it.
    writing = an_answer("So f", state=State.WRITING, usage=None, records=12, students=4)
    chat = assistant.keep("Long", a_question("All?"), writing)
    assistant.says, assistant.pause_s = "So far so good", 3600
    assistant._begun[writing.id] = 0

    page = open_page(PAGE, chat=str(chat))

    assert ":shimmer[Writing…] · 12 records of 4 students" in captions(page)
    assert "Regenerate" not in labels(page)
    click(page, "Stop")
    assert ("stop", writing.id) in assistant.asked
    assert ":gray[:material/stop_circle: Stopped by you.]" in texts(page)
    # The button stays, since the focus would go away with it.
    assert "Stopped" in labels(page)


@pytest.mark.parametrize("refusal", [AnswerUnderWay(), StillPersonal(), TooManyMessages(LATER)])
def test_a_refused_question_stays_in_the_box(open_page: Open, assistant: FakeAssistant, refusal: AppError) -> None:
    assistant.refuses = refusal

    page = ask(open_page(PAGE), "And then?")

    assert said(page) == [escape_label(str(refusal))]
    assert page.chat_input[0].proto.value == "And then?"
    assert page.chat_input[0].proto.set_value
    assert assistant.threads == {}


def test_nothing_is_asked_with_an_empty_box(open_page: Open, assistant: FakeAssistant) -> None:
    ask(open_page(PAGE), "   ")

    assert assistant.asked == []


@pytest.mark.parametrize(
    ("state", "note", "shown", "may_go_on"),
    [
        (State.STOPPED, None, ":gray[:material/stop_circle: Stopped by you.]", True),
        (
            State.CUT_OFF,
            "Cut off after 20 s of silence.",
            ":orange[:material/content_cut: Cut off after 20 s of silence.]",
            True,
        ),
        (
            State.REFUSED,
            None,
            ":orange[:material/shield: The safety filter refused this. Rephrase it.]",
            False,
        ),
        (State.FAILED, "No key.", ":orange[:material/error: No key.]", False),
    ],
)
def test_each_end_says_why_and_what_next(
    open_page: Open, assistant: FakeAssistant, state: State, note: str | None, shown: str, may_go_on: bool
) -> None:
    answer = an_answer("Half", state=state, note=note)

    page = open_page(PAGE, chat=str(assistant.keep("One", a_question("Why?"), answer)))

    assert shown in texts(page)
    assert ("Continue" in labels(page)) is may_go_on
    if may_go_on:
        click(page, "Continue")
        assert assistant.asked == [("go_on", answer.id)]


def test_only_the_last_answer_with_words_can_be_continued(open_page: Open, assistant: FakeAssistant) -> None:
    first, last = an_answer("Half", state=State.STOPPED), an_answer(" ", state=State.CUT_OFF)
    two = assistant.keep("Two", a_question("Why?"), first, a_question("Continue"), replace(last, text="More"))
    wordless = assistant.keep("One", a_question("Why?"), last)

    page = open_page(PAGE, chat=str(two))
    assert labels(page).count("Continue") == 1
    click(page, "Continue")
    assert assistant.asked == [("go_on", last.id)]

    page = open_page(PAGE, chat=str(wordless))
    assert "Continue" not in labels(page)
    assert "Regenerate" in labels(page)


def test_what_was_continued_reads_as_one_answer(demo: Demo, open_page: Open, assistant: FakeAssistant) -> None:
    late, well = a_source("Attendance", demo.ana), a_source("Art", demo.ana)
    cut = an_answer("Late [r7], ", state=State.CUT_OFF, note="Cut off.", sources={"r7": late})
    rest = an_answer("but well [r2] and kind [r7].", sources={"r2": well, "r7": late}, held_back={RecordKind.CASE: 1})

    page = open_page(PAGE, chat=str(assistant.keep("One", a_question("Why?"), cut, rest)))

    assert [message.name for message in page.chat_message] == ["user", "assistant"]
    assert "but well :blue-badge[2] and kind :blue-badge[1]." in texts(page)
    assert not any("Cut off" in text for text in texts(page))
    assert [labels(page).count(label) for label in ("Continue", "Regenerate", "What was sent")] == [0, 1, 2]
    assert "1 case was not sent: your school keeps this kind of record to itself." in captions(page)


def test_an_answer_says_what_it_took_and_what_was_taken_out(open_page: Open, assistant: FakeAssistant) -> None:
    usage = AnswerUsage("gpt-6-luna", 2140, 312, Decimal("0.0004"), "estimated", 6100)
    answer = an_answer("Well.", usage=usage, removed_citations=2, left_out=1)

    page = open_page(PAGE, chat=str(assistant.keep("One", a_question("Why?"), answer)))

    assert captions(page)[1:] == [
        "2 references were taken out: no such record was sent.",
        "1 record had no room and was not sent.",
        "A draft for you to decide. gpt-6-luna · 2,140 tokens in, 312 out · about \\$0.0004, estimated · 6 s",
    ]


def test_what_an_answer_cost_leads_to_what_such_answers_cost(open_page: Open, assistant: FakeAssistant) -> None:
    plain, prepared = an_answer("Well."), an_answer("Ready.", command=Name.PTM)
    chat = assistant.keep("One", a_question("Why?"), plain, a_question("/ptm Ana Lim"), prepared)

    page = open_page(PAGE, chat=str(chat))

    links = [link.proto for link in page.main.get("page_link") if link.proto.label == "What such answers cost"]
    assert [link.query_string for link in links] == ["range=30&feature=question", "range=30&feature=ptm"]


def test_a_record_opens_its_students_drawer(demo: Demo, open_page: Open, assistant: FakeAssistant) -> None:
    sources = {"r7": a_source("Attendance", demo.ana), "r2": a_source("Case", demo.ana)}
    chat = assistant.keep("One", a_question("Why?"), an_answer("So [r7] and [r2].", sources=sources))
    page = open_page(PAGE, chat=str(chat))

    pills = next(group for group in page.button_group if group.label == "Records behind this answer")
    assert pills.options == ["**1** Attendance, 12 Nov", "**2** Case, 12 Nov"]
    pills.set_value(0).run()

    assert address(page, "student") == str(demo.ana)
    assert address(page, "record") == f"result:{sources['r7'].record.id}"
    assert address(page, "chat") == str(chat)


def test_of_many_records_the_first_are_shown_until_all_are_asked_for(
    demo: Demo, open_page: Open, assistant: FakeAssistant
) -> None:
    def records(page: AppTest) -> int:
        return len(next(group for group in page.button_group if group.label == "Records behind this answer").options)

    sources = {f"r{place}": a_source("Case", demo.ana) for place in range(1, 33)}
    chat = assistant.keep("One", a_question("Why?"), an_answer("So.", sources=sources))
    page = open_page(PAGE, chat=str(chat))

    assert records(page) == 12
    assert records(click(page, "Show all 32")) == 32
    assert records(click(page, "Show fewer")) == 12


def test_up_to_fifteen_records_are_all_shown(demo: Demo, open_page: Open, assistant: FakeAssistant) -> None:
    sources = {f"r{place}": a_source("Case", demo.ana) for place in range(1, 16)}
    page = open_page(PAGE, chat=str(assistant.keep("One", a_question("Why?"), an_answer("So.", sources=sources))))

    assert len(page.button_group[0].options) == 15
    assert not any(one.label.startswith("Show") for one in page.button)


def test_an_empty_title_is_said_to_be_missing(demo: Demo, open_page: Open, assistant: FakeAssistant) -> None:
    page = open_page(PAGE, chat=str(assistant.keep("One", a_question("Why?"), an_answer("So."))))

    click(page, "Rename")
    next(box for box in page.text_input if box.label == "Title").set_value("  ")
    click(page, "Rename", -1)

    assert "The title is missing." in said(page)
    assert [one.title for one in assistant.conversations(demo.mei)] == ["One"]


def test_thumbs_are_kept_with_a_reason(open_page: Open, assistant: FakeAssistant) -> None:
    answer = an_answer("Well.")
    page = open_page(PAGE, chat=str(assistant.keep("One", a_question("Why?"), answer)))

    page.feedback[0].set_value(0).run()
    assert "Kept as not helpful" in captions(page)
    reason = next(box for box in page.text_input if box.label.startswith("What was wrong"))
    reason.set_value("Too long").run()
    assert "Kept as not helpful, with your reason" in captions(page)
    page.feedback[0].set_value(1).run()
    assert "Kept as helpful" in captions(page)

    assert assistant.rated == [
        (answer.id, Thumb.DOWN, ""),
        (answer.id, Thumb.DOWN, "Too long"),
        (answer.id, Thumb.UP, ""),
    ]


def test_a_question_can_be_asked_in_other_words(open_page: Open, assistant: FakeAssistant) -> None:
    question = a_question("How is Ana?")
    page = open_page(PAGE, chat=str(assistant.keep("One", question, an_answer("Well."))))

    click(page, "Edit")
    assert page.text_area[0].value == "How is Ana?"
    # The button that was clicked is there under another name, and so the focus is.
    assert page.button(key=f"edit_{question.id.hex}").label == "Cancel"
    page.text_area[0].set_value("How is Bala?")
    click(page, "Send again")

    assert assistant.asked == [("ask_instead", question.id, "How is Bala?")]
    assert len(page.text_area) == 0


def test_other_words_that_are_refused_stay_in_their_box(open_page: Open, assistant: FakeAssistant) -> None:
    assistant.refuses = TooManyMessages(LATER)
    page = click(open_page(PAGE, chat=str(assistant.keep("One", a_question("How?"), an_answer("Well.")))), "Edit")

    page.text_area[0].set_value("How then?")
    click(page, "Send again")

    assert page.text_area[0].value == "How then?"
    assert said(page) == [escape_label(str(assistant.refuses))]


def test_an_answer_can_be_written_anew(open_page: Open, assistant: FakeAssistant) -> None:
    answer = an_answer("Well.")

    click(open_page(PAGE, chat=str(assistant.keep("One", a_question("Why?"), answer))), "Regenerate")

    assert assistant.asked == [("ask_again", answer.id)]


def test_of_several_who_fit_one_is_chosen(open_page: Open, assistant: FakeAssistant) -> None:
    two = tuple(Candidate(About.STUDENT, str(UUID(int=n)), (f"*Tan* {n}",)) for n in (1, 2))
    which = a_reply(Kind.WHICH, "Whom do you mean?", choices=two)
    page = open_page(PAGE, chat=str(assistant.keep("One", a_question("/ptm Tan"), which)))

    click(page, r"\*Tan\* 2")

    assert assistant.asked == [("choose", which.id, two[1])]


def test_a_mistyped_command_offers_the_nearest(open_page: Open, assistant: FakeAssistant) -> None:
    question = a_question("/ptmm P5 Integrity")
    page = open_page(PAGE, chat=str(assistant.keep("One", question, a_reply(Kind.UNKNOWN, "There is no /ptmm."))))

    click(page, "/ptm P5 Integrity")

    assert assistant.asked == [("ask_instead", question.id, "/ptm P5 Integrity")]


def test_help_is_the_table_of_commands(open_page: Open, assistant: FakeAssistant) -> None:
    page = open_page(PAGE, chat=str(assistant.keep("One", a_question("/help"), a_reply(Kind.HELP, ""))))

    assert "Plan a lesson" in page.table[0].value.iloc[:, 1].tolist()


def test_conversations_stand_in_the_sidebar_by_age(open_page: Open, assistant: FakeAssistant) -> None:
    now = datetime.now(UTC)
    assistant.keep("Old", updated_at=now - timedelta(days=30))
    assistant.keep("Of *this* week", updated_at=now - timedelta(days=3))
    chat = assistant.keep("New", a_question("Why?"), an_answer("So."))

    page = open_page(PAGE, chat=str(chat))

    assert [c.value for c in page.sidebar.caption][:3] == ["Today", "Last 7 days", "Older"]
    assert [b.label for b in page.sidebar.button] == ["New conversation", "**New**", r"Of \*this\* week", "Old"]
    # A title over two lines would stand centred.
    assert not any(b.proto.wrap for b in page.sidebar.button[1:])


def test_the_search_leaves_what_fits_and_a_click_opens_it(open_page: Open, assistant: FakeAssistant) -> None:
    fractions = assistant.keep("Fractions", a_question("Halves?"), an_answer("Yes."))
    assistant.keep("Meetings")
    page = open_page(PAGE)

    page.sidebar.text_input[0].set_value("fract").run()
    assert [button.label for button in page.sidebar.button] == ["New conversation", "Fractions"]
    click(page, "Fractions")

    assert page.title[0].value == "Fractions"
    assert address(page, "chat") == str(fractions)


def test_a_new_conversation_begins_with_the_examples(open_page: Open, assistant: FakeAssistant) -> None:
    page = open_page(PAGE, chat=str(assistant.keep("One", a_question("Why?"), an_answer("So."))))

    click(page, "New conversation")

    assert page.title[0].value == "Assistant"
    assert "chat" not in page.query_params


def test_the_students_stand_beside_an_answer_about_them(demo: Demo, open_page: Open, assistant: FakeAssistant) -> None:
    about = Subject(About.CLASS, demo.integrity, "P5 Integrity")
    chat = assistant.keep(
        "One", a_question("/ptm"), an_answer("So.", subject=about), a_question("Why?"), an_answer("So")
    )

    page = open_page(PAGE, chat=str(chat))

    assert [subheader.value for subheader in page.subheader] == ["Students of P5 Integrity"]
    assert "From your earlier question “/ptm”." in captions(page)


def test_cards_of_the_newest_question_need_no_such_words(demo: Demo, open_page: Open, assistant: FakeAssistant) -> None:
    about = Subject(About.CLASS, demo.integrity, "P5 Integrity")
    half, rest = an_answer("So", state=State.STOPPED, subject=about), an_answer(" it is.")
    chat = assistant.keep("One", a_question("Why?"), an_answer("So."), a_question("/ptm"), half, rest)

    page = open_page(PAGE, chat=str(chat))

    assert not any(line.startswith("From your earlier") for line in captions(page))


def test_a_question_that_arrives_together_with_new_conversation_begins_one_and_is_shown(
    open_page: Open, assistant: FakeAssistant
) -> None:
    former = assistant.keep("Before", a_question("Earlier?"), an_answer("Yes."))
    page = open_page(PAGE, chat=str(former))
    page.button(key="assistant_new").click()
    page.chat_input[0].set_value("And how is Ana?")
    # Where Streamlit joins two messages, what came first stands last.
    both = page._tree.get_widget_states()
    both.widgets.sort(key=lambda one: one.WhichOneof("value") != "chat_input_value")

    page._run(both)

    ((_, text, conversation, _),) = assistant.asked
    assert (text, conversation) == ("And how is Ana?", None)
    assert "And how is Ana?" in texts(page)
    assert address(page, "chat") != str(former)
