"""Which people are shown, and whose drawer is open; the address bar is where the choices live."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import streamlit as st

from core.accounts.member import Member
from core.ui.roster_address import as_member, as_uuid, go_to

SHOW, SEARCH, MEMBER = "people", "name", "member"


class Show(StrEnum):
    """Which members are listed."""

    ACTIVE = "active"
    ADMINS = "admins"
    LEFT = "left"

    @property
    def label(self) -> str:
        return {"active": "Active", "admins": "Admins", "left": "Left"}[self]

    def holds(self, member: Member) -> bool:
        if self is Show.LEFT:
            return not member.is_active
        return member.is_active and (self is Show.ACTIVE or member.is_admin)


@dataclass(frozen=True)
class PeopleAddress:
    """The address bar, read; what makes no sense there counts as absent."""

    show: Show
    search: str
    member_id: UUID | None


def read_people_address() -> PeopleAddress:
    query = st.query_params
    return PeopleAddress(
        show=as_member(Show, query.get(SHOW), Show.ACTIVE),
        search=query.get(SEARCH, "").strip(),
        member_id=as_uuid(query.get(MEMBER)),
    )


def found(members: Sequence[Member], address: PeopleAddress) -> list[Member]:
    """Those of the chosen kind whose name, e-mail or class has what is searched for."""
    wanted = address.search.casefold()
    return [
        one
        for one in members
        if address.show.holds(one)
        and any(wanted in text.casefold() for text in (one.full_name, one.email or "", *one.classes))
    ]


def open_member(staff_id: UUID) -> None:
    go_to(MEMBER, str(staff_id))


def close_member() -> None:
    go_to(MEMBER, "")
