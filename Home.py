"""Home, and the one server: `streamlit run Home.py` finds `app` here and imports it under the name Home."""

import streamlit as st

if __name__ == "Home":
    from core.server.app import hosted_options

    app = st.App(__file__, **hosted_options())
else:
    from core.ui.home import home
    from core.ui.page import run_page

    run_page(home, title="Home")
