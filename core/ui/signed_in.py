"""Who is signed in, and the way out, at the foot of the sidebar."""

import streamlit as st

from core.accounts.person import Person
from core.accounts.sessions import Sessions
from core.ui.own_sessions import draw_own_sessions_button
from core.ui.text import escape_label

# A form of this page's own site; Streamlit has no button that leaves the page.
_WAY_OUT = (
    '<div style="display:flex;flex-wrap:wrap;align-items:center;gap:8px 12px">'
    '<form method="post" action="/sign-out" style="margin:0">'
    '<button style="padding:6px 12px;border:1px solid #5E6E6C;border-radius:8px;background:transparent;'
    'color:inherit;font:inherit;cursor:pointer">Sign out</button></form>'
    '<a href="/sign-out" style="color:inherit">On every device</a></div>'
)


def draw_signed_in(person: Person, sessions: Sessions) -> None:
    with st.container(border=True, gap="small"):
        st.markdown(f"**{escape_label(person.full_name)}**")
        st.caption(escape_label(person.school_name))
        draw_own_sessions_button(person, sessions)
        st.html(_WAY_OUT)
