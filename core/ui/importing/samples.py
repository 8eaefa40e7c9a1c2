"""What a public demo asks of whoever imports: to use its own list."""

import streamlit as st

from core.roster.importing.uploads import Upload
from core.ui.importing.desk import Desk


def draw_samples(desk: Desk, sample: Upload) -> None:
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(
            "**Please use the sample list only.** This is a public demo: upload and paste nothing real.",
            width="stretch",
        )
        with st.container(horizontal=True, width="content"):
            st.button("Use the sample class list", icon=":material/upload_file:", on_click=desk.read, args=([sample],))
            st.download_button(
                "Download it",
                sample.data,
                file_name=sample.name,
                mime="text/csv",
                icon=":material/download:",
                type="tertiary",
                on_click="ignore",
            )
