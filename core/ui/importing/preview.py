"""The second step: what would happen to each row, and the click that makes it so."""

from typing import Final

import streamlit as st

from core.roster.importing.plan import ImportPlan, Outcome, PlannedRow
from core.roster.importing.report import refused_csv
from core.roster.importing.service import Imports
from core.roster.importing.summary import not_here_yet, not_read, summary
from core.ui.importing.desk import Desk
from core.ui.importing.rows import draw_rows, draw_to_mend, in_order
from core.ui.roster_address import VIEW, go_to
from core.ui.text import escape_label

_ALL: Final = "all"
_SAVED: Final = (Outcome.CREATED, Outcome.CHANGED, Outcome.MOVED)


def draw_preview(imports: Imports, desk: Desk, plan: ImportPlan) -> None:
    with st.container(border=True):
        st.markdown("**Nothing is saved yet.** Names stay exactly as in the file; a student missing from it is kept.")
        if plan.missing_classes:
            _draw_missing_classes(plan, desk)
        shown = _draw_choice(plan)
    draw_rows(shown, is_class_list=_is_class_list(desk))
    draw_to_mend(plan.rows)
    if plan.unread_columns:
        st.caption(escape_label(not_read(plan.unread_columns)))
    if plan.unread_files:
        st.caption(escape_label(f"Not read, since they are no part of this format: {', '.join(plan.unread_files)}"))
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            _draw_actions(imports, desk, plan)
        draw_refused_download(plan)


def refused_line(plan: ImportPlan) -> str:
    """Such as "2 rows are refused and stay out."; empty where none is."""
    count = len(plan.of(Outcome.REFUSED))
    if not count:
        return ""
    return "1 row is refused and stays out." if count == 1 else f"{count:,} rows are refused and stay out."


def draw_refused_download(plan: ImportPlan) -> None:
    if plan.of(Outcome.REFUSED):
        st.download_button(
            "Download CSV",
            # Excel takes a file without this mark for another alphabet.
            lambda: refused_csv([plan]).encode("utf-8-sig"),
            file_name="refused-rows.csv",
            mime="text/csv",
            icon=":material/download:",
            help="The refused rows with their problems",
            on_click="ignore",
        )


def wants_classes(desk: Desk) -> bool:
    """As the toggle of this file stands; off at first, since a misspelt class must not become one by itself."""
    return bool(st.session_state.get(_create_key(desk), False))


def _draw_missing_classes(plan: ImportPlan, desk: Desk) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(escape_label(not_here_yet(plan.missing_classes)), width="content")
        st.toggle("Create them", key=_create_key(desk))


def _create_key(desk: Desk) -> str:
    assert desk.handed_in is not None
    return f"import_create_{desk.handed_in.read_at.timestamp()}"


def _draw_choice(plan: ImportPlan) -> list[PlannedRow]:
    counts = {_ALL: len(plan.rows)} | {outcome.value: len(plan.of(outcome)) for outcome in Outcome}
    chosen = st.pills(
        "Rows to show",
        list(counts),
        default=_ALL,
        required=True,
        format_func=lambda key: f":gray[{key.capitalize()} {counts[key]:,}]",
        label_visibility="collapsed",
    )
    return in_order(plan.rows if chosen == _ALL else plan.of(Outcome(chosen)))


def _draw_actions(imports: Imports, desk: Desk, plan: ImportPlan) -> None:
    changes = len(plan.of(*_SAVED))
    if changes:
        st.button("Apply import", type="primary", icon=":material/check:", on_click=desk.apply, args=(imports,))
        st.markdown(f"{changes:,} change{'' if changes == 1 else 's'}", width="content")
    st.button("Cancel", on_click=go_to, args=(VIEW, ""))
    st.caption(_saved_line(plan) if changes else summary([plan]), width="content")


def _saved_line(plan: ImportPlan) -> str:
    stays_out = " ".join(filter(None, [refused_line(plan), _elsewhere_line(plan)]))
    return f"{stays_out} Everything else is saved in one step." if stays_out else "Everything is saved in one step."


def _elsewhere_line(plan: ImportPlan) -> str:
    count = sum(row.is_elsewhere for row in plan.rows)
    if not count:
        return ""
    return (
        f"{count:,} row{' belongs' if count == 1 else 's belong'} to another school and stay{'s' * (count == 1)} out."
    )


def _is_class_list(desk: Desk) -> bool:
    return desk.handed_in is not None and desk.handed_in.incoming.roster.is_class_list
