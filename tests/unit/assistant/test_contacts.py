"""Contacts and ids of the roster leave in no way in which people write them."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.assistant.known_names import Kind, KnownPerson
from core.assistant.pseudonyms import Pseudonyms, Restorer, restore
from core.assistant.tokens import Tokens

PEOPLE = (
    KnownPerson(Kind.GUARDIAN, "kow", ("Zhuo Kow",), contacts=("kow.tan@mail.example", "+65 5550 1224")),
    KnownPerson(Kind.GUARDIAN, "azlan", ("Azlan bin Yusof",), contacts=("+60 12-345 6789", "5551 2000 / 5551 3000")),
    KnownPerson(Kind.STUDENT, "sis", ("Umairah Quek",), ids=("SIS-10442", "20260017", "77")),
    KnownPerson(Kind.STAFF, "handle", ("Xiulan Peh",), contacts=("wechat: peh_xl",)),
)
PSEUDONYMS = Pseudonyms(PEOPLE)


@pytest.mark.parametrize(
    "phone",
    [
        "+65 5550 1224", "5550 1224", "+6555501224", "55501224", "5550-1224", "+65-5550-1224", "(65) 5550 1224",
        "65 55501224", "006555501224", "001 65 5550 1224", "5550.1224", "555 012 24", "5 5 5 0 1 2 2 4", "(5550)1224",
        "+60 12-345 6789", "012-345 6789", "60 12 345 6789", "0123456789", "+60123456789", "12 3456789",
        "5551-2000", "+65 5551 3000", "05550 1224", "+65 (0) 5550 1224", "６５５５０１２２４".removeprefix("６"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("sentence", ["Call {} today.", "Tel{}", "HP:{}, after 3 p.m.", "2 calls to {} 3 times"])
def test_a_phone_of_the_roster_leaves_in_no_form(phone: str, sentence: str) -> None:
    digits = [char for char in phone if char.isdecimal()]
    replaced = PSEUDONYMS.replace(sentence.format(phone), Tokens())

    assert "CONTACT_1" in replaced
    assert phone not in replaced
    assert sum(char.isdecimal() for char in replaced) < len(digits)


@pytest.mark.parametrize(
    "text", ["HP61234567", "Tel61234567 home", "call 9123 4567", "+44 20 7946 0958", "1800 222 0000"]
)
def test_anybody_s_valid_phone_is_replaced(text: str) -> None:
    assert "CONTACT_1" in PSEUDONYMS.replace(text, Tokens())


@pytest.mark.parametrize(
    "email",
    [
        "kow.tan@mail.example", "Kow.Tan@Mail.Example", "kow.tan (at) mail.example", "kow.tan @ mail.example",
        "kow.tan＠mail.example", "kow.tan[at]mail[dot]example", "kow.tan\\@mail.example", "kow.tan at mail dot example",
        "kow dot tan at mail dot example", "kow.tan <at> mail (dot) example", "kow.tan\u200b@mail.example",
    ],
)  # fmt: skip
def test_an_email_of_the_roster_leaves_in_no_form(email: str) -> None:
    assert PSEUDONYMS.replace(f"Write to {email}. Then wait.", Tokens()) == "Write to CONTACT_1. Then wait."


@pytest.mark.parametrize(
    "email", ["x@y.sg", "some.one+1 (at) home.example", "some.one @ home.example", "a[at]b[dot]sg"]
)
def test_anybody_s_email_is_replaced(email: str) -> None:
    assert PSEUDONYMS.replace(f"Write to {email} now", Tokens()) == "Write to CONTACT_1 now"


@pytest.mark.parametrize(
    "written",
    [
        "SIS-10442", "SIS10442", "SIS 10442", "sis10442", "sis-10442", "Sis_10442", "SIS\u201110442", "S\u00adIS-10442",
        "20260017", "2026 0017", "2026-0017", "77", "S1234567D", "s1234567d", "S123-4567-D", "S 1234567 D",
        "S 123 4567 D", "S\u200b1234567D", "S１２３４５６７D",
    ],
)  # fmt: skip
def test_an_id_leaves_in_no_form(written: str) -> None:
    assert PSEUDONYMS.replace(f"About {written}, please", Tokens()) == "About ID_1, please"


def test_a_contact_that_is_neither_is_found_by_its_words() -> None:
    assert PSEUDONYMS.replace("her WeChat peh_xl", Tokens()) != "her WeChat: peh_xl"
    assert PSEUDONYMS.replace("wechat: peh_xl", Tokens()) == "CONTACT_1"


def test_all_forms_of_one_number_share_its_token() -> None:
    text = "5550 1224, +65-5550-1224, 5550\u200b1224; 012-345 6789"

    assert PSEUDONYMS.replace(text, Tokens()) == "CONTACT_1, CONTACT_1b, CONTACT_1c; CONTACT_2"


@pytest.mark.parametrize(
    "text",
    [
        "48 of 50 on 12 May 2026, and 62 of 80 on 2026-05-13",
        "from 07:30 to 13:45 on 30/11/2026, 31-12-2026 and 3.11.2026",
        "Marks: 65 70 82 91 78 68 90 100 95 88",
        "pages 112-118, Term 3 week 8, P6 2025 123, 9.30-10.45",
        "$91234567, S$ 1,250.50, RM 88123456 and 1 234 567 people",
        "look at home. Look at mail. Then @ 3.30 we meet at Blk 5",
        "not an NRIC: S1234567A, S 1234567 A",
        "2025 2026 2027, 1/2 3/4, 6A 6B, 100%, +3 -2, 10442",
    ],
)
def test_figures_of_a_school_day_stay(text: str) -> None:
    assert PSEUDONYMS.replace(text, Tokens()) == text


@example(pieces=["CONTACT_1", "１２３", "5550"], cut=0)
@example(pieces=["kow.tan", "٥", "kow.tan"], cut=16)
@settings(max_examples=150, deadline=None)
@given(
    pieces=st.lists(
        st.one_of(
            st.sampled_from(
                ["+65", "5550", "1224", " ", "-", "(", "\u200b", "\u00ad", "SIS", "10442", "kow.tan", " at ", "@", "＠",
                 "mail", ".", "[dot]", "example", "S", "1234567", "D", "CONTACT_1", "_", "٥", "１２３", "㎏"]
            ),
            st.text(max_size=3),
        ),
        max_size=14,
    ),
    cut=st.integers(0, 200),
)  # fmt: skip
def test_the_round_trip_is_the_identity_to_the_letter(pieces: list[str], cut: int) -> None:
    text, tokens = "".join(pieces), Tokens()

    replaced = PSEUDONYMS.replace(text, tokens)

    restorer, place = Restorer(tokens), cut % (len(replaced) + 1)
    assert restore(replaced, tokens) == text
    assert restorer.feed(replaced[:place]) + restorer.feed(replaced[place:]) + restorer.finish() == text
    assert PSEUDONYMS.personal(PSEUDONYMS.mend(replaced, tokens)) == []
