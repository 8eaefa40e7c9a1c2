"""Who of a class gets a portrait by one click."""

from uuid import UUID, uuid4

import pytest

from core.photos.batches.plan import LeftOut, Who, plan
from core.photos.board import Card, Standing


def card(standing: Standing = Standing.NONE, *, has_photo: bool = False, is_allowed: bool = True) -> Card:
    return Card(
        student_id=uuid4(),
        full_name="Ana Lim",
        index_no=1,
        level="P5",
        name_to_check=False,
        portraits_allowed=is_allowed,
        standing=standing,
        photo_id=uuid4() if has_photo else None,
        job_id=None,
        starts_at=None,
        message=None,
    )


def test_those_without_a_photo_are_the_usual_choice() -> None:
    without, with_one = card(), card(Standing.PHOTO, has_photo=True)

    assert plan([without, with_one], Who.WITHOUT).students == (without,)
    assert plan([without, with_one], Who.ALL).students == (without, with_one)


def test_a_choice_of_students_keeps_the_register_s_order() -> None:
    first, second, third = card(), card(Standing.PHOTO, has_photo=True), card()

    assert plan([first, second, third], Who.CHOSEN, [third.student_id, second.student_id]).students == (second, third)
    assert plan([first], Who.CHOSEN, set[UUID]()).students == ()


@pytest.mark.parametrize(
    ("left_out", "reason"),
    [
        (card(is_allowed=False), LeftOut.NOT_ALLOWED),
        (card(Standing.WAITING), LeftOut.UNDER_WAY),
        (card(Standing.MAKING), LeftOut.UNDER_WAY),
        (card(Standing.UNCONFIRMED), LeftOut.UNCONFIRMED),
    ],
)
def test_who_can_get_none_now_is_left_out_with_the_reason(left_out: Card, reason: LeftOut) -> None:
    found = plan([left_out], Who.ALL)

    assert found.students == ()
    assert found.left_out == ((left_out, reason),)


def test_what_was_not_made_is_tried_again() -> None:
    failed = card(Standing.NOT_MADE)

    assert plan([failed], Who.WITHOUT).students == (failed,)
