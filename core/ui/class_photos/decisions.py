"""What a person has to decide when a batch is over or paused: try again, pay perhaps twice, or leave it."""

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.accounts.person import Person
from core.bootstrap import App
from core.photos.batches.batch import Batch, Result
from core.photos.job import JobState
from core.ui.class_photos.actions import draw_retry, generate_again, leave
from core.ui.class_photos.words import RESULT_LOOKS
from core.ui.drawer_portrait import unconfirmed_sentence
from core.ui.formats import money
from core.ui.text import escape_label


def draw_decisions(person: Person, app: App, batch: Batch) -> None:
    if not batch.to_retry and not batch.to_decide:
        return
    st.subheader("For you to decide", anchor=False)
    if batch.to_retry:
        with st.container(border=True):
            with _row():
                _draw_failed(person, app, batch.to_retry)
                draw_retry(person, app.class_photos, batch)
            st.markdown("\n".join(f"- {who_and_why(result)}" for result in batch.to_retry))
    for result in batch.to_decide:
        with st.container(border=True), _row():
            _draw_unconfirmed(person, app, result)
            with st.container(horizontal=True, width="content", vertical_alignment="center"):
                _draw_choice(person, app, batch, result)


def _row() -> DeltaGenerator:
    return st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center")


def _draw_failed(person: Person, app: App, failed: Sequence[Result]) -> None:
    look, were = RESULT_LOOKS[JobState.FAILED], "was" if len(failed) == 1 else "were"
    said = f":{look.color}[:material/{look.icon}:] **{len(failed)} {were} not made.**"
    st.markdown(f"{said} {paid_line(failed)} {_again_line(person, app, len(failed))}", width="stretch")


def who_and_why(result: Result) -> str:
    why = escape_label(result.message or "")
    return f"{escape_label(result.full_name)}: :gray[{why}]"


def paid_line(failed: Sequence[Result]) -> str:
    """What all tries of the failed ones cost."""
    if any(result.unpriced for result in failed):
        return "What it cost is not priced."
    possible = sum((result.possible_usd for result in failed), Decimal(0))
    paid = sum((result.spent_usd for result in failed), Decimal(0)) - possible
    if not possible:
        return f"{money(paid)} was paid." if paid else "Nothing was paid."
    return f"{f'{money(paid)} was paid, ' if paid else ''}{money(possible)} may have been charged."


def _again_line(person: Person, app: App, many: int) -> str:
    price = app.class_photos.quote(person, many).price
    return "A second try is not priced." if price is None else f"A second try costs about {money(price.from_usd)}."


def _draw_unconfirmed(person: Person, app: App, result: Result) -> None:
    with st.container(width="stretch", gap="xsmall"):
        st.markdown(f"**{escape_label(result.full_name)}** {RESULT_LOOKS[result.state].badge}")
        st.caption(f"{unconfirmed_sentence(result.called_at, person)} {_again_line(person, app, 1)}")


def _draw_choice(person: Person, app: App, batch: Batch, result: Result) -> None:
    st.button(
        "Generate again (may cost again)",
        key=f"again_{result.student_id.hex}",
        icon=":material/refresh:",
        on_click=generate_again,
        args=(person, app.class_photos, batch.id, result.student_id),
    )
    st.button(
        "Leave it",
        key=f"leave_{result.student_id.hex}",
        type="tertiary",
        help="No second try. What may have been charged stays in the sums.",
        on_click=leave,
        args=(person, app.class_photos, result.job_id),
    )
