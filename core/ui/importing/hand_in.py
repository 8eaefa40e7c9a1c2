"""The first step: files, a folder, or pasted text."""

from typing import Final, Literal

import streamlit as st

from core.accounts.person import Person
from core.errors import UnreadableFile
from core.roster.importing.uploads import TEXT_SUFFIXES, Upload, pasted
from core.ui.importing.desk import Desk

_FILES: Final = "Files"
_FOLDER: Final = "Folder"
_EXAMPLE: Final = "Name, Gender, Index No\nTan Wei Ming Marcus, M, 31\nNur Hidayah binte Osman, F, 32"
_READ: Final = (
    "Names are taken as they are written. Gender, level, class, index number and the school's student number are "
    "taken if they are there; passwords, race, ethnicity and birthplace are never read."
)
_TEACHERS: Final = "The list goes into a class you teach. An admin can import a whole school."
_ADMINS: Final = "A class list, or a whole school in the format of Microsoft School Data Sync, as files, folder or zip."


def draw_hand_in(person: Person, desk: Desk) -> None:
    upload, paste = st.columns(2, gap="medium")
    with upload.container(border=True, height="stretch"):
        _draw_upload(desk)
    with paste.container(border=True, height="stretch"):
        _draw_paste(desk)
    st.caption(f"{_ADMINS if person.is_admin else _TEACHERS} {_READ}")


def _draw_upload(desk: Desk) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown("**Upload the list**", width="content")
        how = st.segmented_control(
            "What to upload",
            [_FILES, _FOLDER],
            default=_FILES,
            required=True,
            format_func=":gray[{}]".format,
            label_visibility="collapsed",
        )
    if how == _FOLDER:
        _uploader(desk, "A folder with the files of one export", several="directory", types=sorted(TEXT_SUFFIXES))
    else:
        # Without a filter, so that a workbook is met by a sentence that helps instead of the browser's.
        _uploader(desk, "A CSV file, all CSV files of one export, or a zip", several=True, types=None)


def _uploader(desk: Desk, label: str, *, several: Literal[True, "directory"], types: list[str] | None) -> None:
    key = f"import_{several}_{desk.turn}"
    st.file_uploader(label, type=types, accept_multiple_files=several, key=key, on_change=_read_files, args=(desk, key))


def _draw_paste(desk: Desk) -> None:
    st.markdown("**Or paste it**")
    key = f"import_text_{desk.turn}"
    st.text_area("Rows from a spreadsheet, headings first", key=key, placeholder=_EXAMPLE, height=130)
    st.button("Show preview", on_click=_read_text, args=(desk, key))


def _read_files(desk: Desk, key: str) -> None:
    uploads = [Upload(file.name, file.getvalue()) for file in st.session_state[key]]
    if uploads:
        desk.read(uploads)
    else:
        desk.problem = None


def _read_text(desk: Desk, key: str) -> None:
    text: str = st.session_state[key]
    if text.strip():
        desk.read([pasted(text)])
    else:
        desk.problem = UnreadableFile("Paste the rows first.")
