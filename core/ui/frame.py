"""What every page shares: the sidebar with menu and demo box, and the page's header."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from core.accounts.person import Person, Role
from core.accounts.sessions import Sessions
from core.settings import CHECKOUT
from core.ui.session import Persona, changes_of_person, look_as, menu_query, persona
from core.ui.signed_in import draw_signed_in
from core.ui.text import escape_label

# By their addresses: a file would be sent anew with every run.
LOGO = "/app/static/logo.svg"
LOGO_ICON = "/app/static/favicon.svg"
FAVICON = str(CHECKOUT / "static" / "favicon.svg")
EVERYONE = frozenset(Role)
TITLE_PX, LONG_TITLE_PX = 340, 420
LONG_TITLE = 24

NOTHING_PAID = "Students and figures are made up. Nothing is sent out or paid."
REAL_COSTS = "Students are made up; portraits and answers cost real money."


@dataclass(frozen=True)
class MenuItem:
    """A page in the menu."""

    file: str
    label: str
    icon: str
    roles: frozenset[Role] = EVERYONE


MENU = (
    MenuItem("Home.py", "Home", "home"),
    MenuItem("pages/1_Student_roster.py", "Student roster", "groups"),
    MenuItem("pages/2_Class_photos.py", "Class photos", "photo_library"),
    MenuItem("pages/3_Assistant.py", "Assistant", "forum"),
    MenuItem("pages/4_Usage.py", "Usage", "monitoring"),
    MenuItem("pages/5_School_settings.py", "School settings", "tune", frozenset({Role.ADMIN})),
)


def menu_for(role: Role, folder: Path = CHECKOUT) -> list[MenuItem]:
    """The pages of this version that the role may open."""
    return [item for item in MENU if role in item.roles and (folder / item.file).is_file()]


def draw_sidebar(
    person: Person,
    *,
    is_free: bool,
    here: str = "",
    sessions: Sessions | None = None,
    extra: Callable[[], None] | None = None,
    work: Callable[[], None] | None = None,
) -> None:
    """Menu with the page that is `here`, what that adds (conversations), work in progress, whom a demo visitor is."""
    st.logo(LOGO, size="large", icon_image=LOGO_ICON)
    with st.sidebar:
        with st.container(gap="xxsmall"):
            for item in menu_for(person.role):
                _page_link(item, is_here=item.label == here)
        for part in (extra, work):
            if part is not None:
                part()
        if person.is_demo:
            _demo_box(is_free=is_free)
        elif sessions is not None:
            draw_signed_in(person, sessions)


def draw_header(title: str, caption: str | None = None, *, actions: Callable[[], None] | None = None) -> None:
    """Title with the page's actions at the right, which wrap under it on a phone; caption below."""
    if actions is None:
        st.title(escape_label(title), anchor=False)
    else:
        draw_title_with(actions, title)
    if caption is not None:
        st.caption(escape_label(caption))


def draw_title_with(actions: Callable[[], None], title: str, *, long_px: int = LONG_TITLE_PX) -> None:
    """A long title may have `long_px` before it wraps."""
    title_px = long_px if len(title) > LONG_TITLE else TITLE_PX
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        with st.container(width=title_px):
            st.title(escape_label(title), anchor=False)
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            actions()


def _page_link(item: MenuItem, *, is_here: bool) -> None:
    query = menu_query(is_here=is_here)
    st.page_link(item.file, label=item.label, icon=f":material/{item.icon}:", width="stretch", query_params=query)


def _demo_box(*, is_free: bool) -> None:
    with st.container(border=True, gap="small"):
        st.badge("Demo school", icon=":material/science:", color="gray")
        _persona_choice()
        st.caption(NOTHING_PAID if is_free else REAL_COSTS)


def _persona_choice() -> None:
    here = persona()
    people = list(Persona)
    # A key per person and change: after the browser's Back the choice shows whom the address bar names,
    # even where the browser still holds what was chosen there before.
    key = f"look_as_{here.value}_{changes_of_person()}"
    st.selectbox(
        "You are looking as",
        people,
        index=people.index(here),
        format_func=lambda one: one.label,
        key=key,
        on_change=lambda: look_as(st.session_state[key]),
    )
