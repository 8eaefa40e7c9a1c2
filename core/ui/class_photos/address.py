"""What the page shows, kept in the address bar so that a link, a reload and a second tab bring it back."""

from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from core.photos.batches.plan import Who
from core.photos.prompt import Style
from core.ui.roster_address import CLASS, as_member, as_uuid, go_to, keep_latest_moves

BATCH, WHO, STYLE = "batch", "who", "style"


@dataclass(frozen=True)
class BatchAddress:
    """The address bar, read; what makes no sense there counts as absent."""

    class_id: UUID | None
    batch_id: UUID | None
    who: Who
    style: Style
    usual_style: Style = Style.PHOTO


def read_address(usual_style: Style = Style.PHOTO) -> BatchAddress:
    query = st.query_params
    return BatchAddress(
        class_id=as_uuid(query.get(CLASS)),
        batch_id=as_uuid(query.get(BATCH)),
        who=as_member(Who, query.get(WHO), Who.WITHOUT),
        style=as_member(Style, query.get(STYLE), usual_style),
        usual_style=usual_style,
    )


def tidy_address() -> None:
    """Take out what makes no sense, so that no link or reload carries it on."""
    keep_latest_moves()
    for name, makes_sense in _MAKES_SENSE.items():
        if name in st.query_params and not makes_sense(st.query_params[name]):
            del st.query_params[name]


def go_to_class(key: str) -> None:
    """To what the class's picker says."""
    leave_batch()
    go_to(CLASS, st.session_state[key] or "")


def go_to_batch(batch_id: UUID) -> None:
    go_to(BATCH, str(batch_id))


def leave_batch(class_id: UUID | None = None) -> None:
    """Back to choosing; of the batch's class, which the address may not have named."""
    go_to(BATCH, "")
    if class_id is not None:
        go_to(CLASS, str(class_id))


_MAKES_SENSE = {
    CLASS: as_uuid,
    BATCH: as_uuid,
    WHO: frozenset(Who).__contains__,
    STYLE: frozenset(Style).__contains__,
}
