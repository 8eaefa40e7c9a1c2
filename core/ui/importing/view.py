"""The import view: what was read stands above, the step that comes next below."""

from dataclasses import replace

import streamlit as st

from core.accounts.person import Person
from core.bootstrap import App
from core.ui.boundary import guarded, show_uncaught
from core.ui.frame import draw_header
from core.ui.importing.desk import Desk, HandedIn, desk_of
from core.ui.importing.finished import draw_finished, draw_last_import
from core.ui.importing.hand_in import draw_hand_in
from core.ui.importing.preview import draw_preview, wants_classes
from core.ui.importing.samples import draw_samples
from core.ui.importing.targets import chosen_targets
from core.ui.roster_address import VIEW, go_to

TITLE = "Import a class list"


def draw_import(person: Person, app: App) -> None:
    desk = desk_of(person)
    draw_header(TITLE, _caption(desk.handed_in), actions=lambda: _actions(desk))
    if desk.problem is not None:
        show_uncaught(desk.problem)
    if desk.handed_in is None:
        _draw_start(person, app, desk)
    elif desk.applied is not None:
        draw_finished(app, desk, desk.applied)
    else:
        handed_in = desk.handed_in
        guarded(lambda: _draw_what_would_happen(app, desk, handed_in))


def _caption(handed_in: HandedIn | None) -> str:
    if handed_in is None:
        return "From a spreadsheet or from the school's system. You see what happens before anything is saved."
    rows = handed_in.incoming.roster.rows_read
    count = f"{rows:,} row{'' if rows == 1 else 's'}"
    return f"{handed_in.incoming.file_name} · {count} · read at {handed_in.read_at:%H:%M}"


def _actions(desk: Desk) -> None:
    if desk.handed_in is None:
        st.button("Back to the roster", icon=":material/arrow_back:", type="tertiary", on_click=go_to, args=(VIEW, ""))
    else:
        st.button("Choose another file", icon=":material/upload_file:", on_click=desk.start_over)


def _draw_start(person: Person, app: App, desk: Desk) -> None:
    if desk.undone:
        st.success("The import is undone. The roster is as it was before.", icon=":material/undo:")
    if app.settings.demo_per_visit:
        draw_samples(desk, app.visits.sample_list(person))
    draw_hand_in(person, desk)
    guarded(lambda: draw_last_import(app, desk))


def _draw_what_would_happen(app: App, desk: Desk, handed_in: HandedIn) -> None:
    choice = chosen_targets(desk.person, app.roster.classes(desk.person), handed_in)
    if choice is not None:
        choice = replace(choice, create_classes=wants_classes(desk))
        draw_preview(app.imports, desk, desk.look(app.imports, choice))
