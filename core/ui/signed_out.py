"""What stands in a page's place once nobody is signed in any more."""

from html import escape
from urllib.parse import urlencode, urlsplit

import streamlit as st

# The primary button's look, for a link that stays in this tab; Streamlit's own opens another.
_BUTTON = (
    "display:inline-block;padding:10px 20px;border-radius:8px;background:#0F6B66;color:#FFFFFF;"
    "font-weight:600;text-decoration:none"
)
FEWEST_WORDS = 3


def draw_signed_out(*, has_left: bool) -> None:
    """Whoever signed out may have left the machine to somebody else."""
    if has_left:
        st.session_state.clear()
    typed = _typed_texts()
    st.title("You are signed out", anchor=False)
    st.write("Sign in to go on where you were.")
    st.html(f'<a href="{escape(sign_in_address())}" style="{_BUTTON}">Sign in</a>')
    if typed:
        st.caption("You had typed this, and it may not have been saved. Copy it before you sign in.")
    for text in typed:
        st.code(text, language=None, wrap_lines=True)


def sign_in_address() -> str:
    """Leads back to this page as it is now."""
    path = urlsplit(st.context.url or "/").path or "/"
    query = urlencode(st.query_params.to_dict())
    return f"/sign-in?{urlencode({'said': 'over', 'next': f'{path}?{query}' if query else path})}"


def _typed_texts() -> list[str]:
    """Sentences that stand in this tab's fields; a word or two is easily typed again."""
    values = (value for _, value in st.session_state.items())
    return [text for text in values if isinstance(text, str) and len(text.split()) >= FEWEST_WORDS]
