"""No name leaves, ordinary words stay, and what comes back is what was meant, wherever the answer is cut."""

import random
import time
from collections import Counter
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.assistant.known_names import Kind, KnownPerson
from core.assistant.letters import WORD
from core.assistant.pseudonyms import Pseudonyms, Restorer, restore
from core.assistant.tokens import Tokens
from tests.unit.assistant.naming import everyone, namings
from tests.unit.assistant.ordinary_prose import ordinary_prose

PEOPLE = (
    KnownPerson(Kind.STUDENT, "aisyah", ("Nurul Aisyah binte Rahman",), ids=("STU0001",)),
    KnownPerson(Kind.STUDENT, "marcus", ("Tan Wei Ming Marcus", "Marcus")),
    KnownPerson(Kind.STUDENT, "bala", ("Bala s/o Kumar",)),
    KnownPerson(Kind.STUDENT, "grace", ("Grace Lim",)),
    KnownPerson(Kind.STUDENT, "may", ("May Tan Hui Ling",)),
    KnownPerson(Kind.STUDENT, "daniel", ("Daniel D'Souza",)),
    KnownPerson(Kind.STUDENT, "weiming", ("陈伟明",)),
    KnownPerson(Kind.STUDENT, "kavitha", ("கவிதா",)),
    KnownPerson(Kind.GUARDIAN, "hoon", ("Lim Siew Hoon",), contacts=("hoon@home.example", "9123 4567")),
    KnownPerson(Kind.STAFF, "mei", ("Mei Tan",), contacts=("mei.tan@demo.school",)),
)


@cache
def known() -> Pseudonyms:
    return Pseudonyms(PEOPLE)


@pytest.fixture
def pseudonyms() -> Pseudonyms:
    return known()


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("How is Nurul Aisyah doing?", "How is STUDENT_1 doing?"),
        ("how is nurul doing", "how is STUDENT_1 doing"),
        ("NURUL AISYAH BINTE RAHMAN'S results", "STUDENT_1'S results"),
        ("Nuurl and Aisya", "STUDENT_1 and STUDENT_1b"),
        ("Wei Ming and Weiming and Tan, Wei Ming", "STUDENT_1 and STUDENT_1b and STUDENT_1c"),
        ("T.W.M.M. and Marcus T. and W. M. Tan", "STUDENT_1 and STUDENT_1b. and STUDENT_1c"),
        ("Bala s/o Kumar sat beside Kumar.", "STUDENT_1 sat beside STUDENT_1b."),
        ("d'souza's bag", "STUDENT_1's bag"),
        ("陈伟明很好", "STUDENT_1很好"),
        ("கவிதா வந்தாள்", "STUDENT_1 வந்தாள்"),
        ("Mdm Lim and Mr Tan", "Mdm GUARDIAN_1 and Mr STAFF_1"),
        ("Ask Grace. Grace's bag. Grace reads well.", "Ask STUDENT_1. STUDENT_1's bag. STUDENT_1 reads well."),
        ("May is absent, and so is May.", "STUDENT_1 is absent, and so is STUDENT_1."),
        ("/progress Grace", "/progress STUDENT_1"),
    ],
)  # fmt: skip
def test_a_name_is_replaced_in_every_form(pseudonyms: Pseudonyms, text: str, replaced: str) -> None:
    assert pseudonyms.replace(text, Tokens()) == replaced


@pytest.mark.parametrize(
    "text",
    [
        "May I go? The exam is in May, on 12 May 2026.",
        "Grace under pressure is a grace that few have.",
        "Tan lines fade, and tan shoes go with all.",
        "The PTM and the PTC are in Term 3, the CCA on Monday.",
        "Say grace before meals, and mark the books.",
        "He will be marked present from 7.30 a.m., 123456 times.",
    ],
)
def test_ordinary_sentences_stay(pseudonyms: Pseudonyms, text: str) -> None:
    assert pseudonyms.replace(text, Tokens()) == text


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("Write to mei.tan@demo.school or x@y.sg", "Write to CONTACT_1 or CONTACT_2"),
        ("Call 9123 4567 or +65 6123 4567", "Call CONTACT_1 or CONTACT_2"),
        ("NRIC S1234567D", "NRIC ID_1"),
        ("not an NRIC: S1234567A", "not an NRIC: S1234567A"),
        ("FIN F1234567N and M1234567K", "FIN ID_1 and ID_2"),
        ("student stu0001", "student ID_1"),
        ("Blk 12 Ang Mo Kio Avenue 3, Singapore 560123", "Blk 12 Ang Mo Kio Avenue 3, Singapore PLACE_1"),
        ("560123 votes", "560123 votes"),
        ("record 3f2504e0-4f89-11d3-9a0c-0305e82c3301", "record ID_1"),
    ],
)
def test_contacts_and_numbers_are_replaced(pseudonyms: Pseudonyms, text: str, replaced: str) -> None:
    assert pseudonyms.replace(text, Tokens()) == replaced


def test_a_token_stays_the_same_through_a_conversation(pseudonyms: Pseudonyms) -> None:
    first, later = Tokens(), "Marcus and Grace Lim"
    pseudonyms.replace("How are Grace Lim and Marcus?", first)

    assert pseudonyms.replace(later, Tokens(first.new)) == "STUDENT_2 and STUDENT_1"


def test_when_a_name_fits_several_those_the_talk_is_about_are_meant() -> None:
    everyone, one = Pseudonyms(PEOPLE), Pseudonyms(PEOPLE, focus=["may"])
    tokens = Tokens()
    one.replace("May Tan", tokens)

    assert one.replace("Ask Tan", tokens) == "Ask STUDENT_1b"
    assert everyone.replace("Ask Tan", Tokens(tokens.new)) == "Ask STUDENT_2"


def test_the_last_check_finds_what_replacing_would_and_nothing_after_it(pseudonyms: Pseudonyms) -> None:
    text = "Ask Marcus, mei.tan@demo.school, S1234567D"

    assert pseudonyms.personal(text) == ["Marcus", "mei.tan@demo.school", "S1234567D"]
    assert pseudonyms.personal(pseudonyms.replace(text, Tokens())) == []


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("student_1 and Student\\_1", "Marcus and Marcus"),
        ("**STUDENT_1** and STUDENT**_1**", "**Marcus** and Marcus"),
        ("STUDENT_1's book, two STUDENT_1s", "Marcus's book, two Marcuss"),
        ("STUDENT_9 and STUDENT_1c stay", "STUDENT_9 and Marcusc stay"),
        ("MYSTUDENT_1 and STUDENT_12 stay", "MYSTUDENT_1 and STUDENT_12 stay"),
    ],
)
def test_what_a_model_bent_is_understood(pseudonyms: Pseudonyms, answer: str, shown: str) -> None:
    tokens = Tokens()
    pseudonyms.replace("Marcus", tokens)

    assert restore(answer, tokens) == shown
    assert in_pieces(answer, list(range(len(answer))), tokens) == shown


def test_what_looks_like_a_token_comes_back_as_it_was(pseudonyms: Pseudonyms) -> None:
    tokens = Tokens()
    text = "STUDENT_1, student\\_2b and Marcus"

    assert restore(pseudonyms.replace(text, tokens), tokens) == text


def in_pieces(text: str, cuts: list[int], tokens: Tokens) -> str:
    restorer, places = Restorer(tokens), [0, *sorted(cuts), len(text)]
    pieces = [text[start:end] for start, end in pairwise(places)]
    return "".join([*map(restorer.feed, pieces), restorer.finish()])


WORDS = [name for person in PEOPLE for name in person.names] + [
    "Grace", "may", "Tan", "the", "STUDENT_1", "student_2b", "\\_", "**", "_", "1", "b", "9123 4567", "@", "s/o", "陈",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    pieces=st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=4)), max_size=12),
    joint=st.sampled_from(["", " ", ", ", "\n"]),
    cuts=st.lists(st.integers(0, 200), max_size=6),
)
def test_the_round_trip_is_the_identity_for_every_split(pieces: list[str], joint: str, cuts: list[int]) -> None:
    text, tokens = joint.join(pieces), Tokens()

    replaced = known().replace(text, tokens)

    assert restore(replaced, tokens) == text
    assert in_pieces(replaced, [cut % (len(replaced) + 1) for cut in cuts], tokens) == text


def test_no_form_of_a_name_leaves() -> None:
    people = everyone()
    pseudonyms = Pseudonyms(people)

    for naming in namings(people, random.Random(5), 1500):
        tokens = Tokens()
        sent = pseudonyms.replace(naming.text, tokens)
        assert naming.is_hidden_in(sent), f"{naming.text!r} as {sent!r}"
        assert restore(sent, tokens) == naming.text


def test_ordinary_english_is_left_alone() -> None:
    """Also with a Grace, a May, a Will and a Mark in the school; "lee" and "Min" are taken for names."""
    prose = ordinary_prose()

    false = Pseudonyms(everyone()).personal(prose)

    assert len(WORD.findall(prose)) > 20_000
    assert len(false) <= 0.001 * len(WORD.findall(prose)), Counter(false)


def test_a_long_message_and_a_large_school_take_no_time() -> None:
    school = [
        KnownPerson(Kind.STUDENT, str(place), (f"Pupil{chr(97 + place % 26)}{chr(97 + place // 26)} Lim Wei",))
        for place in range(1000)
    ]
    pseudonyms = Pseudonyms([*PEOPLE, *school])
    text = ("How is Nurul Aisyah doing in mathematics this term? Her parents said that she improved. " * 50)[:4096]

    assert min(_time_s(pseudonyms, text) for _ in range(5)) < 0.05


def _time_s(pseudonyms: Pseudonyms, text: str) -> float:
    begun = time.perf_counter()
    pseudonyms.replace(text, Tokens())
    return time.perf_counter() - begun
