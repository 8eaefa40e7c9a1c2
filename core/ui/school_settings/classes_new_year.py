"""One class in the next school year: what will happen, before anything is saved."""

from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.roster.register.new_year import Fate, Plan, Preview, Pupil
from core.ui.links import class_photos_link
from core.ui.school_settings.classes_address import View, show
from core.ui.school_settings.classes_desk import Form, Slot, attempt, close, draw_outcome, opened_for
from core.ui.school_settings.classes_new_year_fields import draw_fields
from core.ui.school_settings.classes_new_year_words import what_will_happen, why_not
from core.ui.school_settings.classes_words import NO_BREAK, named
from core.ui.text import escape_label

_BEGIN = "begin new year"


def draw_new_year(person: Person, app: App, class_id: UUID) -> None:
    preview = app.administration.new_years.preview(person, class_id)
    st.button(
        escape_label(preview.entry.name),
        icon=":material/arrow_back:",
        type="tertiary",
        key="new_year_back",
        on_click=_go_back,
        args=(class_id,),
    )
    st.subheader(f"{named(preview.entry)} in the next school year", anchor=False)
    reason = why_not(preview)
    form = opened_for(Slot.NEW_YEAR, _BEGIN, class_id)
    if reason is not None:
        st.info(reason)
        if preview.makes_photos:
            class_photos_link("Class photos", icon="photo_library", class_id=class_id)
        return
    fields, summary = st.columns([1.2, 1], gap="medium")
    with fields:
        plan = draw_fields(person, app, preview, form)
    with summary, st.container(border=True, gap="small"):
        _draw_summary(person, app, preview, plan, form)


def _go_back(class_id: UUID) -> None:
    close(Slot.NEW_YEAR)
    show(View.LIST, class_id)


def _draw_summary(person: Person, app: App, preview: Preview, plan: Plan, form: Form) -> None:
    st.markdown("**What will happen**")
    st.caption("Nothing is saved yet.")
    colleagues = {one.staff_id: one.full_name for one in app.administration.classes.colleagues(person)}
    st.markdown("\n".join(f"- {line}" for line in what_will_happen(preview, plan, colleagues)))
    _draw_who_goes(preview, plan)
    draw_outcome(form)
    label = f"Begin {plan.into.name}" if plan.into else f"End {preview.entry.name}"
    st.button(
        escape_label(label),
        type="primary",
        icon=":material/event_available:",
        key="new_year_begin",
        wrap=True,
        on_click=_begin,
        args=(person, app, plan, form),
    )


def _draw_who_goes(preview: Preview, plan: Plan) -> None:
    going = [one for one in preview.pupils if plan.fates[one.enrolment_id] is Fate.GOES]
    if going:
        with st.expander(f"Who goes along ({len(going)})", icon=":material/groups:"):
            st.markdown("  \n".join(_in_register(one) for one in going))


def _in_register(one: Pupil) -> str:
    number = "" if one.index_no is None else f":gray[{one.index_no}]{NO_BREAK}{NO_BREAK}"
    return f"{number}{escape_label(one.full_name)}"


def _begin(person: Person, app: App, plan: Plan, form: Form) -> None:
    made: list[UUID | None] = []

    def act(_confirmed: bool) -> None:
        made.extend(app.administration.new_years.begin(person, [plan]))

    if attempt(Slot.NEW_YEAR, form, act):
        show(View.LIST, made[0] or plan.class_id)
