"""Who and in which style: the choices, and what they come to."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from core.photos.batches.plan import Plan, Who, is_wanted, plan
from core.photos.board import Card
from core.photos.prompt import Style
from core.ui.class_photos.address import STYLE, WHO, BatchAddress
from core.ui.drawer_portrait import STYLE_NAMES
from core.ui.roster_toolbar import change, follow


@dataclass(frozen=True)
class Wish:
    """`choosable` are those with a box to tick, None where nobody is chosen one by one."""

    who: Who
    style: Style
    plan: Plan
    choosable: tuple[Card, ...] | None = None

    @property
    def student_ids(self) -> list[UUID]:
        return [card.student_id for card in self.plan.students]


def wish_of(cards: Sequence[Card], address: BatchAddress, chosen: Collection[UUID]) -> Wish:
    if address.who is not Who.CHOSEN:
        return Wish(address.who, address.style, plan(cards, address.who))
    whole = plan(cards, Who.ALL)
    ticked = plan(cards, Who.CHOSEN, chosen)
    return Wish(Who.CHOSEN, address.style, Plan(ticked.students, whole.left_out), whole.students)


def chosen_of(cards: Sequence[Card], address: BatchAddress) -> frozenset[UUID]:
    """Whose boxes are ticked."""
    if address.who is not Who.CHOSEN:
        return frozenset()
    return frozenset(card.student_id for card in cards if st.session_state.get(box_key(card.student_id)))


def box_key(student_id: UUID) -> str:
    return f"choose_{student_id.hex}"


def tick(students: Iterable[UUID]) -> None:
    for student_id in students:
        st.session_state[box_key(student_id)] = True


def untick(students: Iterable[UUID]) -> None:
    for student_id in students:
        st.session_state[box_key(student_id)] = False


def draw_choices(cards: Sequence[Card], wish: Wish, usual_style: Style) -> None:
    labels = {
        Who.WITHOUT: f"Without a photo {sum(is_wanted(card, Who.WITHOUT, ()) for card in cards)}",
        Who.ALL: f"Whole class {len(cards)}",
        Who.CHOSEN: "Choose students",
    }
    with st.container(border=True):
        follow("class_photos_who", wish.who)
        st.segmented_control(
            "Who",
            list(Who),
            format_func=lambda who: f":gray[{labels[who]}]",
            key="class_photos_who",
            required=True,
            on_change=change,
            args=(WHO, "class_photos_who", Who.WITHOUT),
        )
        follow("class_photos_style", wish.style)
        st.segmented_control(
            "Style",
            list(Style),
            format_func=lambda style: f":gray[{STYLE_NAMES[style]}]",
            key="class_photos_style",
            required=True,
            on_change=change,
            args=(STYLE, "class_photos_style", usual_style),
        )
