"""The only importer of streamlit beside pages/ and core/server/."""
