"""One class in the next school year: what will happen, before anything is saved."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.roster.register.entries import EARLIEST_YEAR, LONGEST_FULL_NAME, YEARS_AHEAD, ClassEntry
from core.roster.register.levels import LEVELS
from core.roster.register.new_year import Fate, Plan, Preview, Pupil
from core.ui.links import class_photos_link
from core.ui.school_settings.classes_address import View, show
from core.ui.school_settings.classes_desk import Form, Slot, attempt, close, draw_outcome, opened_for
from core.ui.school_settings.classes_new_year_words import what_will_happen, why_not
from core.ui.school_settings.classes_words import NO_BREAK, named
from core.ui.text import escape_label

_BEGIN = "begin new year"
_NEW_CLASS = {True: "A new class", False: "No new class"}


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
        plan = _draw_fields(person, app, preview, form)
    with summary, st.container(border=True, gap="small"):
        _draw_summary(person, app, preview, plan, form)


def _go_back(class_id: UUID) -> None:
    close(Slot.NEW_YEAR)
    show(View.LIST, class_id)


def _draw_fields(person: Person, app: App, preview: Preview, form: Form) -> Plan:
    into = _draw_into(person, app, preview, form)
    fates = _draw_fates(preview, form, goes_on=into is not None)
    teachers = _draw_teachers(person, app, preview, form) if into is not None else {}
    name = escape_label(preview.entry.name)
    archives = st.checkbox(f"Archive {name}: its teachers no longer see it", value=True, key=form.key("archives"))
    return Plan(preview.id, into, fates, teachers, archives)


def _draw_into(person: Person, app: App, preview: Preview, form: Form) -> ClassEntry | None:
    goes_on = st.segmented_control(
        "What follows",
        list(_NEW_CLASS),
        default=preview.into is not None,
        format_func=lambda value: f":gray[{_NEW_CLASS[value]}]",
        key=form.key("goes_on"),
        required=True,
    )
    if not goes_on:
        return None
    proposed = preview.into or replace(preview.entry, school_year=preview.entry.school_year + 1)
    name = st.text_input("Name", value=proposed.name, max_chars=LONGEST_FULL_NAME, key=form.key("name"))
    left, right = st.columns(2, gap="small")
    with left:
        levels = list(dict.fromkeys([*LEVELS, *([proposed.level] if proposed.level else [])]))
        level = st.selectbox(
            "Level",
            levels,
            index=levels.index(proposed.level) if proposed.level else None,
            accept_new_options=True,
            placeholder="No level",
            key=form.key("level"),
        )
    with right:
        last = max(app.administration.classes.today(person).year + YEARS_AHEAD, proposed.school_year)
        year = st.number_input(
            "School year", EARLIEST_YEAR, last, value=proposed.school_year, step=1, key=form.key("year")
        )
    return replace(proposed, name=name, level=level, school_year=int(year))


def _draw_fates(preview: Preview, form: Form, *, goes_on: bool) -> Mapping[UUID, Fate]:
    """Most share one fate; the others are named."""
    usual = Fate.GOES if goes_on else (Fate.LEAVES if preview.is_form else Fate.STAYS)
    names = {one.enrolment_id: one.full_name for one in preview.pupils}
    fates = dict.fromkeys(names, usual)
    if not preview.pupils or usual is Fate.STAYS:
        return fates
    staying = _several("Who stays behind" if goes_on else "Who stays at the school", names, form.key("staying"))
    fates |= dict.fromkeys(staying, Fate.STAYS)
    if goes_on and preview.is_form:
        others = {one: name for one, name in names.items() if one not in staying}
        fates |= dict.fromkeys(_several("Who leaves the school", others, form.key("leaving")), Fate.LEAVES)
    return fates


def _draw_teachers(person: Person, app: App, preview: Preview, form: Form) -> Mapping[UUID, str]:
    names = {one.staff_id: one.full_name for one in app.administration.classes.colleagues(person)}
    active = [one for one in preview.teachers if one.staff_id in names]
    of_form = [one.staff_id for one in active if one.role == "form"]
    others = [one.staff_id for one in active if one.role != "form"]
    chosen = _several("Form teachers", names, form.key("form_teachers"), of_form)
    left = {one: name for one, name in names.items() if one not in chosen}
    also = _several("Other teachers", left, form.key("teachers"), [one for one in others if one in left])
    return dict.fromkeys(chosen, "form") | dict.fromkeys(also, "subject")


def _several(label: str, names: Mapping[UUID, str], key: str, chosen: list[UUID] | None = None) -> list[UUID]:
    return st.multiselect(
        label,
        list(names),
        default=chosen,
        format_func=names.__getitem__,
        placeholder="Nobody" if chosen is None else "Type a part of a name",
        key=key,
    )


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
