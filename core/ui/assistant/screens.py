"""What kind of screen the page is drawn for."""

import streamlit as st


def is_phone() -> bool:
    """As browsers of phones say of themselves."""
    return "Mobi" in st.context.headers.get("User-Agent", "")
