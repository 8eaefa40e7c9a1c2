"""What can be done about a student's portrait, with its price beside it."""

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.photos.allowance import Allowance
from core.photos.board import PhotoVersion, Standing
from core.photos.prompt import Style
from core.photos.service import Offer, StudentPhotos
from core.roster.views import StudentDetails
from core.ui import photo_actions
from core.ui.drawer_portrait import STYLE_NAMES
from core.ui.drawer_record_desk import open_form
from core.ui.formats import money
from core.ui.text import escape_label

_LABELS = {
    Standing.WAITING: "Waiting",
    Standing.MAKING: "Making",
    Standing.NOT_MADE: "Try again",
    Standing.UNCONFIRMED: "Generate again (may cost again)",
}
REMOVED_STAYS = "It stays among the earlier photos, and its address still opens it."


def draw_actions(person: Person, app: App, student: StudentDetails, photos: StudentPhotos) -> None:
    if not student.portraits_allowed:
        st.caption("The school recorded that no portrait may be made of this student.")
        with st.container(horizontal=True, gap="small"):
            _leave_button(person, app, photos)
            _more(person, app, student, photos)
        return
    offer = app.photos.offer(person)
    style = _style(offer.style)
    with st.container(horizontal=True, gap="small"):
        _make_button(person, app, student, photos, style)
        _cancel_button(person, app, student, photos)
        _leave_button(person, app, photos)
        _more(person, app, student, photos)
    st.caption(_price(offer, app.photos.allowance(person)))


def _style(usual: Style) -> Style:
    chosen = st.segmented_control(
        "Style",
        list(Style),
        default=usual,
        required=True,
        format_func=lambda style: f":gray[{STYLE_NAMES[style]}]",
        key="drawer_style",
        label_visibility="collapsed",
    )
    return Style(chosen)


def _make_button(person: Person, app: App, student: StudentDetails, photos: StudentPhotos, style: Style) -> None:
    job = photos.job
    is_active = job is not None and job.is_active
    retry_of = job.id if job is not None and not is_active else None
    usual = "Regenerate photo" if photos.current else "Generate photo"
    st.button(
        _LABELS[job.standing] if job else usual,
        key="drawer_make",
        type="primary",
        icon=":material/hourglass_top:" if is_active else ":material/auto_awesome:",
        # Who writes a record means to save it, and the keys work inside its fields, too.
        shortcut=None if open_form(student.id) else "Ctrl+Enter",
        # A click while it is being made does nothing; a disabled button would lose the focus.
        on_click=None if is_active else photo_actions.ask,
        args=None if is_active else (app.photos, person, student.id, style, retry_of),
        kwargs=None if is_active else {"is_first": photos.current is None},
    )


def _cancel_button(person: Person, app: App, student: StudentDetails, photos: StudentPhotos) -> None:
    job = photos.job
    if job is not None and job.may_cancel:
        arguments = (app.photos, person, student.id, job.id)
        st.button("Cancel", key="drawer_cancel", on_click=photo_actions.cancel, args=arguments)


def _leave_button(person: Person, app: App, photos: StudentPhotos) -> None:
    job = photos.job
    if job is not None and job.standing is Standing.UNCONFIRMED:
        st.button(
            "Leave it",
            key="drawer_leave",
            type="tertiary",
            help="No second try. What may have been charged stays in the sums.",
            on_click=photo_actions.leave,
            args=(app.class_photos, person, job.id),
        )


def _more(person: Person, app: App, student: StudentDetails, photos: StudentPhotos) -> None:
    """The same menu and button without a photo: what was clicked must not take the focus away with it."""
    current = photos.current
    with st.popover("More", icon=":material/more_horiz:", key="drawer_more"):
        st.button(
            "Remove photo" if current else "No photo is shown",
            icon=":material/hide_image:",
            key="drawer_remove",
            type="tertiary",
            on_click=photo_actions.remove if current else None,
            args=(app.photos, person, student.id) if current else None,
        )
        if current is not None:
            st.caption(REMOVED_STAYS)
            _download_button(app, student, current)


def _download_button(app: App, student: StudentDetails, current: PhotoVersion) -> None:
    st.download_button(
        "Download photo",
        data=lambda: app.photos.photo_bytes(current.id, thumbnail=False),
        file_name=f"{student.full_name}.webp",
        mime="image/webp",
        icon=":material/download:",
        key="drawer_download",
        type="tertiary",
        on_click="ignore",
    )


def _price(offer: Offer, allowance: Allowance) -> str:
    about = "Not priced" if offer.cost_usd is None else f"About {money(offer.cost_usd)}"
    period = "this minute" if allowance.per_seconds == 60 else "now"
    left = f"{allowance.left} of your {allowance.at_most} portraits {period} are left."
    return f"{about} with {escape_label(f'{offer.choice.model}, {offer.choice.quality}')}. {left}"
