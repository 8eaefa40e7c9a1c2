"""The last step: what was saved, the way to it, and the way back."""

from uuid import UUID

import streamlit as st

from core.bootstrap import App
from core.roster.importing.neutral import Kind
from core.roster.importing.plan import ImportPlan
from core.roster.importing.service import Applied
from core.roster.importing.summary import people_and_classes, summary
from core.ui.formats import day_and_time
from core.ui.importing.desk import Desk
from core.ui.importing.preview import draw_refused_download, refused_line
from core.ui.roster_address import CLASS, VIEW, go_to, read_address
from core.ui.text import escape_label

UNDO_ICON = ":material/undo:"


def draw_finished(app: App, desk: Desk, applied: Applied) -> None:
    st.success(f"**{summary([applied.plan])}** {refused_line(applied.plan)}".strip(), icon=":material/check_circle:")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Open roster",
            type="primary",
            icon=":material/groups:",
            on_click=_go_to_class,
            args=(_class_in(applied.plan) or desk.chosen.into_class,),
        )
        st.button("Undo import", icon=UNDO_ICON, on_click=_undo, args=(app, desk, applied.import_id))
        draw_refused_download(applied.plan)


def draw_last_import(app: App, desk: Desk) -> None:
    """So that a reload, or a day, does not take Undo away."""
    last = app.imports.last(desk.person)
    if last is None:
        return
    parts = [people_and_classes(last.made) or "changes only", day_and_time(last.applied_at, desk.person.zone)]
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(
            f"Your last import: **{escape_label(last.file_name)}** ({escape_label(', '.join(parts))})", width="content"
        )
        st.button("Undo import", icon=UNDO_ICON, on_click=_undo, args=(app, desk, last.import_id))


def _undo(app: App, desk: Desk, import_id: UUID) -> None:
    """A class that goes with its import must not stay in the address, where it would be refused."""
    desk.undo(app.imports, import_id)
    if read_address().class_id not in [one.id for one in app.roster.classes(desk.person)]:
        go_to(CLASS, "")


def _go_to_class(class_id: UUID | None) -> None:
    go_to(VIEW, "")
    if class_id is not None:
        go_to(CLASS, str(class_id))


def _class_in(plan: ImportPlan) -> UUID | None:
    """The first class that someone was put into, which is where to look."""
    put_into = (change.after.get("class_id") for change in plan.changes if change.kind is Kind.ENROLMENTS)
    return next((class_id for class_id in put_into if isinstance(class_id, UUID)), None)
