"""Names however they are written: first in a sentence, in pieces, without spaces, in other scripts, shortened."""

from collections.abc import Sequence

import pytest

from core.assistant.known_names import Kind, KnownPerson
from core.assistant.pseudonyms import Pseudonyms, restore
from core.assistant.tokens import Token, Tokens

PEOPLE = (
    KnownPerson(Kind.STUDENT, "benjamin", ("Benjamin Koh Jun Wei",)),
    KnownPerson(Kind.STUDENT, "jasmine", ("Jasmine Quek Rui En",)),
    KnownPerson(Kind.STUDENT, "amelia", ("Amelia Tan Xin Yi",)),
    KnownPerson(Kind.STUDENT, "maria", ("Maria Angelica Dela Peña-Reyes",)),
    KnownPerson(Kind.STUDENT, "harpreet", ("Harpreet Singh Gill",)),
    KnownPerson(Kind.STUDENT, "seoyeon", ("Kim Seo-yeon",)),
    KnownPerson(Kind.STUDENT, "grace", ("Grace Lim Hui Ling",)),
    KnownPerson(Kind.STUDENT, "may", ("May Wong",)),
    KnownPerson(Kind.STUDENT, "mark", ("Mark Lee",)),
    KnownPerson(Kind.STUDENT, "will", ("Will Hope",)),
    KnownPerson(Kind.STUDENT, "he", ("He Jia Hao",)),
    KnownPerson(Kind.STUDENT, "faith", ("Faith Soon",)),
    KnownPerson(Kind.STUDENT, "ana", ("Ana Lim",)),
    KnownPerson(Kind.STUDENT, "zachary", ("Zachary Tan Wei Ming",)),
    KnownPerson(Kind.STUDENT, "daniel", ("Daniel D'Souza",)),
    KnownPerson(Kind.STUDENT, "duc", ("Đặng Văn Đức",)),
    KnownPerson(Kind.STUDENT, "weiming", ("陈伟明",)),
    KnownPerson(Kind.STUDENT, "meiling", ("陈 美玲",)),
    KnownPerson(Kind.STUDENT, "minjun", ("김민준",)),
    KnownPerson(Kind.STUDENT, "murugan", ("முருகன்",)),
    KnownPerson(Kind.STUDENT, "muhammad", ("محمد الأمين",)),
)


def sent(text: str, focus: Sequence[str] = ()) -> str:
    """What leaves, proved to come back to the letter."""
    pseudonyms, tokens = Pseudonyms(PEOPLE, focus=focus), Tokens()
    replaced = pseudonyms.replace(text, tokens)
    assert restore(replaced, tokens) == text
    assert pseudonyms.personal(replaced) == []
    return replaced


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        (
            "Benjamin cried every morning. Jasmine hit another child. Amelia refuses to work.",
            "STUDENT_1 cried every morning. STUDENT_2 hit another child. STUDENT_3 refuses to work.",
        ),
        ("benjamin and jasmine fought; amelia cried", "STUDENT_1 and STUDENT_2 fought; STUDENT_3 cried"),
        ("maria and angelica sat with singh", "STUDENT_1 and STUDENT_1b sat with STUDENT_2"),
        ("wong hit lee, then kim", "STUDENT_1 hit STUDENT_2, then STUDENT_3"),
        ("“Grace volunteered to lead.”", "“STUDENT_1 volunteered to lead.”"),
        ("GRACE cried", "STUDENT_1 cried"),
        ("with **Grace** under the table", "with **STUDENT_1** under the table"),
        ("May vomited. Will bit Mark. Mark vanished. Hope sulked.",
         "STUDENT_1 vomited. STUDENT_2 bit STUDENT_3. STUDENT_3 vanished. STUDENT_2b sulked."),
        ("P5 May cried. May 3 times late.", "P5 STUDENT_1 cried. STUDENT_1 3 times late."),
        ("Notes by May, a photo of May", "Notes by STUDENT_1, a photo of STUDENT_1"),
    ],
)  # fmt: skip
def test_a_name_that_is_also_a_word_goes_whatever_follows_it(text: str, replaced: str) -> None:
    assert sent(text) == replaced


@pytest.mark.parametrize(
    "text",
    [
        "May I go? May we? May this be. It may be in May, until May, at the end of May, on 12 May and May 13.",
        "Will you come? Will the class? Will this do? They will.",
        "Mark the books. Mark this as done. Please mark all, and hope.",
        "Grace period. Grace under pressure. A grace period.",
        "Faith in the class is good. I have faith and hope.",
        "Hope you are well. Hope this helps. Soon we go. Soon the bell rings.",
        "He reads well. He is late. So he was. MARK THE BOOKS. WILL YOU COME?",
    ],
)
def test_what_makes_it_a_word_is_a_short_list(text: str) -> None:
    assert sent(text) == text


def test_whom_the_talk_is_about_is_meant_by_each_capitalised_word_of_the_name() -> None:
    about = ["mark", "grace", "may"]

    assert sent("Mark the books; in May, on 12 May.", about) == "STUDENT_1 the books; in STUDENT_2, on 12 May."
    assert sent("Grace under pressure has grace", about) == "STUDENT_1 under pressure has grace"


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("Zach\u200bary, Zach\u00adary, Za\u200cch\u200dary", "STUDENT_1, STUDENT_1b, STUDENT_1c"),
        ("an\u200ba li\u2060m", "STUDENT_1"),
        ("ana\u200blim", "STUDENT_1"),
        ("ana\u2009lim, ana\u202flim, ana\u3000lim", "STUDENT_1, STUDENT_1b, STUDENT_1c"),
        ("*ana* *lim*", "*STUDENT_1*"),
        ("**wei** **ming**", "**STUDENT_1**"),
        ("wei_ming and wei|ming", "STUDENT_1 and STUDENT_1b"),
        ("wei+ming", "STUDENT_1"),
        ("`wei` ~~ming~~", "`STUDENT_1~~"),
        ("Zach**ary** and **Za**chary", "STUDENT_1** and **STUDENT_1b"),
        ("Zach<b>ary</b> and Zach-\nary", "STUDENT_1</b> and STUDENT_1b"),
        ("?q=ana%20lim&x", "?q=STUDENT_1&x"),
        ("ana&nbsp;lim", "STUDENT_1"),
        ("Daniel D\u02bcSouza, d\u02bcsouza, Grace\u02bcs", "STUDENT_1, STUDENT_1b, STUDENT_2\u02bcs"),
        ("Ｇｒａｃｅ Lim", "STUDENT_1"),
    ],
)
def test_nothing_between_or_inside_the_letters_hides_a_name(text: str, replaced: str) -> None:
    assert sent(text) == replaced


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("伟明今天迟到", "STUDENT_1今天迟到"),
        ("今天陈伟明和美玲", "今天STUDENT_1和STUDENT_2"),
        ("陈美玲今天", "STUDENT_1今天"),
        ("陈 伟明; 陈\u200b伟明", "STUDENT_1; STUDENT_1b"),
        ("陈同学迟到", "STUDENT_1迟到"),
        ("민준이가 늦었다", "STUDENT_1이가 늦었다"),
        ("முருகனுக்கு", "STUDENT_1க்கு"),
        ("مُحَمَّد هنا", "STUDENT_1 هنا"),
        ("لمحمد", "لSTUDENT_1"),
        ("Dang Van Duc, ĐẶNG VĂN ĐỨC, dang van duc", "STUDENT_1, STUDENT_1b, STUDENT_1c"),
    ],
)
def test_a_name_is_found_in_every_script(text: str, replaced: str) -> None:
    assert sent(text) == replaced


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("Tan WM and WM Tan", "STUDENT_1 and STUDENT_1b"),
        ("Lim HL was late, Grace LHL too", "STUDENT_1 was late, STUDENT_1b too"),
        ("z.t.w.m. sat with t.w.m.z.", "STUDENT_1 sat with STUDENT_1b"),
        ("zacharytanweiming and mingwei and tanweiming", "STUDENT_1 and STUDENT_1b and STUDENT_1c"),
        ("WeiMing and TanZachary", "STUDENT_1 and STUDENT_1b"),
        ("the Kohs and a Peña", "the STUDENT_1 and a STUDENT_2"),
        ("dsouza and DanielDSouza", "STUDENT_1 and STUDENT_1b"),
    ],
)
def test_a_shortened_name_is_found(text: str, replaced: str) -> None:
    assert sent(text) == replaced


def test_a_student_who_was_renamed_keeps_being_known_by_the_old_name() -> None:
    earlier = Tokens(
        [Token(Kind.STUDENT, 1, "", "gone", "Ophelia Quimby"), Token(Kind.CONTACT, 1, "", "x", "quimby@home.example")]
    )
    pseudonyms = Pseudonyms(PEOPLE, earlier=earlier)

    assert pseudonyms.replace("ophelia sat with Quimby and Ophelia Quimby", earlier) == (
        "STUDENT_1b sat with STUDENT_1c and STUDENT_1"
    )
    assert pseudonyms.personal("Ask Ophelia") == ["Ophelia"]
