"""What an admin chooses for one class in the next school year, as the plan that it makes."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.roster.register.entries import EARLIEST_YEAR, LONGEST_FULL_NAME, YEARS_AHEAD, ClassEntry
from core.roster.register.levels import LEVELS
from core.roster.register.new_year import Fate, Plan, Preview
from core.ui.school_settings.classes_desk import Form
from core.ui.text import escape_label

_NEW_CLASS = {True: "A new class", False: "No new class"}


def draw_fields(person: Person, app: App, preview: Preview, form: Form) -> Plan:
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
