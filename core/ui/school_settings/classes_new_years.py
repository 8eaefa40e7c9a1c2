"""All form classes of a year in the next one: a line each, begun together."""

from collections.abc import Sequence

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.roster.register.new_year import Fate, Plan, Preview
from core.ui.boundary import show_uncaught
from core.ui.formats import counted
from core.ui.school_settings.classes_address import ClassesAddress, View, show
from core.ui.school_settings.classes_class import draw_way_back
from core.ui.school_settings.classes_desk import Form, Slot, attempt, opened_for
from core.ui.school_settings.classes_new_year_words import why_not
from core.ui.school_settings.classes_words import they
from core.ui.text import escape_label

_BEGIN = "begin new years"
ROW_PX = 330


def draw_new_years(person: Person, app: App, address: ClassesAddress) -> None:
    this_year = app.administration.classes.today(person).year
    year = int(address.year) if address.year and address.year.isdecimal() else this_year
    draw_way_back()
    st.subheader(f"From {year} into {year + 1}", anchor=False)
    form = opened_for(Slot.NEW_YEAR, _BEGIN)
    if form.done is not None:
        st.success(form.done, icon=":material/check:")
    previews = app.administration.new_years.previews(person, year)
    if not previews:
        st.info(f"No form class of {year} is open.")
        return
    st.caption(
        "Tick the classes that go on now. Each goes on with all its students and teachers, and the old one is "
        "archived. Open a class to change its name, its teachers, or who stays behind. Nothing is saved yet."
    )
    grid = st.grid(2, min_column_width=ROW_PX, gap="small")
    chosen = []
    for one in previews:
        with grid.container(border=True, horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
            if _draw_row(one, form):
                chosen.append(one)
    _draw_end(person, app, chosen, form, year + 1)


def _draw_row(preview: Preview, form: Form) -> bool:
    """Whether it is ticked. Those who leave the school are ticked by hand alone."""
    reason = why_not(preview)
    with st.container(gap=None):
        is_chosen = st.checkbox(
            _label(preview),
            value=reason is None and preview.into is not None,
            disabled=reason is not None,
            key=form.key(f"takes{preview.id.hex}"),
        )
        st.caption(reason or _about(preview))
    st.button(
        "Open",
        key=f"new_year{preview.id.hex}",
        type="tertiary",
        on_click=show,
        args=(View.NEW_YEAR, preview.id),
    )
    return is_chosen and reason is None


def _label(preview: Preview) -> str:
    name = escape_label(preview.entry.name)
    becomes = preview.continued_by or preview.into
    return f"**{name}** :material/arrow_forward: {escape_label(becomes.name) if becomes else 'last year'}"


def _about(preview: Preview) -> str:
    many = len(preview.pupils)
    if preview.into is None:
        return f"{they(many, 'leaves', 'leave')} the school"
    teachers = ", ".join(one.full_name for one in preview.teachers if one.active)
    return escape_label(" · ".join(part for part in (counted(many, "student"), teachers) if part))


def _draw_end(person: Person, app: App, chosen: Sequence[Preview], form: Form, year: int) -> None:
    going, ending = sum(one.into is not None for one in chosen), sum(one.into is None for one in chosen)
    plans = [one.usual_plan for one in chosen]
    along, away = _fates(plans, Fate.GOES), _fates(plans, Fate.LEAVES)
    parts = [
        f"{they(along, 'goes', 'go')} on into {_classes(going)} of {year}." if going else "",
        f"{they(away, 'leaves', 'leave')} the school from {_classes(ending)}." if ending else "",
        "All of it is saved in one step, or nothing." if chosen else "No class is ticked.",
    ]
    st.markdown(" ".join(part for part in parts if part))
    with st.container():
        if form.error is not None:
            show_uncaught(form.error)
    st.button(
        f"Begin {year} for {_classes(len(chosen))}",
        type="primary",
        icon=":material/event_available:",
        disabled=not chosen,
        key="new_years_begin",
        on_click=_begin,
        args=(person, app, plans, form),
    )


def _classes(many: int) -> str:
    return "1 class" if many == 1 else f"{many} classes"


def _fates(plans: Sequence[Plan], fate: Fate) -> int:
    return sum(one is fate for plan in plans for one in plan.fates.values())


def _begin(person: Person, app: App, plans: Sequence[Plan], form: Form) -> None:
    def act(_confirmed: bool) -> None:
        app.administration.new_years.begin(person, plans)

    attempt(Slot.NEW_YEAR, form, act, done=_done(plans))


def _done(plans: Sequence[Plan]) -> str:
    going = [plan.into for plan in plans if plan.into]
    parts = [
        f"{_classes(len(going))} began: {', '.join(escape_label(one.name) for one in going)}." if going else "",
        f"{_classes(len(plans) - len(going))} ended." if len(plans) > len(going) else "",
    ]
    return " ".join(part for part in parts if part)
