"""What a teacher's words ask for, and what the app answers by itself."""

from uuid import UUID, uuid4

import pytest

from core.assistant.asking import By, Wish, understand, whom_it_names
from core.assistant.commands import Name
from core.assistant.message import Kind, Subject
from core.assistant.reach import Reach
from core.assistant.replies import Reply
from core.assistant.whom import About, Candidate


def candidate(kind: About, *names: str) -> Candidate:
    return Candidate(kind, str(uuid4()), names)


INTEGRITY, MATHS = candidate(About.CLASS, "P5 Integrity"), candidate(About.CLASS, "P4 Maths")
ANA, BALA = candidate(About.STUDENT, "Ana Lim"), candidate(About.STUDENT, "Bala s/o Kumar", "Bala")
GRACE, ALSO_GRACE = candidate(About.STUDENT, "Grace Tan"), candidate(About.STUDENT, "Grace Tan")
STUDENTS = (ANA, BALA, GRACE, ALSO_GRACE)
FORM_TEACHER = Reach(
    classes=(INTEGRITY, MATHS),
    students=STUDENTS,
    own=(INTEGRITY, MATHS),
    forms=(INTEGRITY,),
    class_names={GRACE.id: "P5 Integrity", ALSO_GRACE.id: "P4 Maths"},
)
SUBJECT_TEACHER = Reach(classes=(INTEGRITY, MATHS), students=STUDENTS, own=(INTEGRITY, MATHS))
ADMIN = Reach(classes=(INTEGRITY, MATHS), students=STUDENTS)
NOBODY_YET = Reach()


def asked(text: str, reach: Reach = FORM_TEACHER, **known: Subject) -> Wish:
    found = understand(text, reach, names_in=lambda _: [], **known)
    assert isinstance(found, Wish), found
    return found


def told(text: str, reach: Reach = FORM_TEACHER, *, is_someone: bool = False) -> Reply:
    found = understand(text, reach, names_in=lambda said: [said] if is_someone else [])
    assert isinstance(found, Reply), found
    return found


def subject(of: Candidate) -> Subject:
    return Subject(of.kind, UUID(of.id), of.name)


@pytest.mark.parametrize(
    ("text", "command", "about"),
    [
        ("/ptm Ana Lim", Name.PTM, ANA),
        ("/PTM ana", Name.PTM, ANA),
        ("/progress P5 integrity", Name.PROGRESS, INTEGRITY),
        ("/progress bala s/o kumar", Name.PROGRESS, BALA),
    ],
)
def test_a_command_finds_whom_it_is_about(text: str, command: Name, about: Candidate) -> None:
    wish = asked(text)

    assert (wish.by, wish.command, wish.subject) == (By.SLASH, command, subject(about))


@pytest.mark.parametrize(
    ("text", "command", "about", "words"),
    [
        ("How is Ana doing?", Name.PROGRESS, ANA, "Ana"),
        ("Help me prepare for the meeting with Bala's mother", Name.PTM, BALA, "Bala"),
        ("I am meeting the parents of Ana Lim tomorrow", Name.PTM, ANA, "Ana Lim"),
        ("How are the boys in P5 Integrity doing?", Name.PROGRESS, INTEGRITY, "P5 Integrity"),
        ("help me prepare for the parent teacher meeting", Name.PTM, INTEGRITY, ""),
    ],
)
def test_plain_words_mean_the_same(text: str, command: Name, about: Candidate, words: str) -> None:
    wish = asked(text)

    assert (wish.by, wish.command, wish.subject, wish.about) == (By.WORDS, command, subject(about), words)


@pytest.mark.parametrize("text", ["What is a haiku?", "How is the economy doing?", "how is singapore doing in PISA"])
def test_a_question_about_nobody_takes_no_records(text: str) -> None:
    assert asked(text) == Wish(By.WORDS)


def test_a_lesson_is_about_a_topic_and_takes_no_records() -> None:
    assert asked("/lesson P5 fractions") == Wish(By.SLASH, Name.LESSON, None, "P5 fractions")


def test_without_a_topic_the_app_asks_for_one() -> None:
    assert (told("/lesson").kind, told("/lesson").choices) == (Kind.WHICH, ())


def test_one_s_own_class_is_the_form_class() -> None:
    assert asked("/ptm").subject == asked("/ptm my class").subject == subject(INTEGRITY)


def test_the_only_class_is_meant_without_a_form_class() -> None:
    assert asked("/ptm", Reach(classes=(MATHS,), own=(MATHS,))).subject == subject(MATHS)


def test_two_classes_and_no_form_class_are_asked_about() -> None:
    reply = told("/progress", SUBJECT_TEACHER)

    assert (reply.kind, reply.choices, reply.command) == (Kind.WHICH, (INTEGRITY, MATHS), Name.PROGRESS)


def test_an_admin_without_classes_is_offered_the_school_s() -> None:
    assert told("/ptm", ADMIN).choices == (INTEGRITY, MATHS)


def test_before_any_class_is_there_the_app_says_what_to_do() -> None:
    assert "Import a class list" in told("/ptm", NOBODY_YET).text


def test_two_who_fit_are_asked_about_and_told_apart_by_class() -> None:
    reply = told("/ptm Grace")

    assert (reply.kind, reply.command) == (Kind.WHICH, Name.PTM)
    assert [(one.id, one.name) for one in reply.choices] == [
        (GRACE.id, "Grace Tan, P5 Integrity"),
        (ALSO_GRACE.id, "Grace Tan, P4 Maths"),
    ]
    assert "Nothing was sent or paid." in reply.text


def test_of_many_who_fit_the_first_are_offered() -> None:
    many = tuple(candidate(About.STUDENT, f"Tan Number{place}") for place in range(20))

    reply = told("/ptm Tan", Reach(students=many))

    assert len(reply.choices) == 12
    assert "20 fit" in reply.text


@pytest.mark.parametrize("text", ["/ptm Zachary", "How is Zachary doing?", "I am meeting the parents of Zachary"])
def test_nobody_found_is_said_and_one_s_classes_are_offered(text: str) -> None:
    reply = told(text)

    assert (reply.kind, reply.choices) == (Kind.WHICH, (INTEGRITY, MATHS))
    assert "“Zachary” is not among your classes" in reply.text


def test_a_name_of_the_school_in_small_letters_is_someone_too() -> None:
    assert told("how is zachary doing?", is_someone=True).kind is Kind.WHICH


def test_a_pronoun_means_whom_the_talk_was_about() -> None:
    text = "What should I tell her mother?"

    assert asked(text, earlier=subject(ANA)).subject == subject(ANA)
    assert asked(text).subject == subject(INTEGRITY)


def test_who_was_chosen_is_meant_whatever_the_words() -> None:
    wish = asked("/ptm Grace", subject=subject(ALSO_GRACE))

    assert wish == Wish(By.CHOICE, Name.PTM, subject(ALSO_GRACE), "Grace")
    assert asked("What should I raise?", subject=subject(ANA)) == Wish(By.CHOICE, None, subject(ANA))
    assert asked("/ptm Zachary", subject=subject(ANA)).about == ""


@pytest.mark.parametrize("text", ["/help", "/HELP me", "", "  "])
def test_help_lists_every_command(text: str) -> None:
    reply = told(text)

    assert reply.kind is Kind.HELP
    assert all(f"**/{name}**" in reply.text for name in Name)


def test_an_unknown_command_suggests_the_nearest() -> None:
    assert told("/pmt").text == (
        "There is no command “/pmt”. Did you mean /ptm? /help shows all. Nothing was sent or paid."
    )
    assert "Did you mean" not in told("/xyzzy").text


@pytest.mark.parametrize(
    ("text", "named"),
    [("/ptm Ana", "Ana"), ("/ptm my class", ""), ("/ptm", ""), ("How is Ana doing?", "Ana"), ("Why?", "")],
)
def test_whom_a_text_names(text: str, named: str) -> None:
    assert whom_it_names(text) == named


def in_passing(text: str, *names: str) -> Wish | Reply:
    return understand(text, FORM_TEACHER, names_in=lambda _: list(names))


def test_a_plain_question_for_what_is_on_record_takes_the_named_students_records_along() -> None:
    wish = in_passing("What are the strengths of Bala?", "Bala")

    assert wish == Wish(By.WORDS, subject=subject(BALA))


def test_a_plain_question_that_asks_for_nothing_on_record_takes_none_along() -> None:
    assert in_passing("Write to Bala's mother about the outing", "Bala") == Wish(By.WORDS)


def test_a_plain_question_that_may_mean_either_of_two_is_asked_about() -> None:
    reply = in_passing("What are the strengths of Grace?", "Grace")

    assert isinstance(reply, Reply)
    assert [one.id for one in reply.choices] == [GRACE.id, ALSO_GRACE.id]


def test_a_plain_question_about_two_students_takes_no_records_along() -> None:
    assert in_passing("Compare the results of Ana and Bala", "Ana", "Bala") == Wish(By.WORDS)
