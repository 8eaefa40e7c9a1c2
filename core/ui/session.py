"""Who looks at the pages, kept in the address bar, and what else the address bar holds."""

from enum import StrEnum
from typing import Protocol

import streamlit as st

from core.accounts.person import Person
from core.errors import SignedOut
from core.settings import Mode

LOOK_AS = "as"
_CHANGES = "changes_of_person"


class Persona(StrEnum):
    """The demo school's people whom a visitor may be."""

    MEI = "mei"
    ARJUN = "arjun"
    SITI = "siti"

    @property
    def label(self) -> str:
        """Name and role, as the choice shows them."""
        return {"mei": "Mei Tan, form teacher", "arjun": "Arjun Nair, teacher", "siti": "Siti Rahim, admin"}[self]


class DemoPeople(Protocol):
    """Finds the demo school's people."""

    def demo_person(self, key: str) -> Person:
        """The member behind one of `Persona`'s values."""


def person_here(mode: Mode, people: DemoPeople) -> Person:
    """The person whose pages these are; raises SignedOut where it can't be told."""
    if mode is Mode.PRODUCTION:
        raise SignedOut
    return people.demo_person(persona().value)


def persona() -> Persona:
    """Whom the address bar names; the form teacher when it names no one we know."""
    try:
        return Persona(st.query_params.get(LOOK_AS, Persona.MEI))
    except ValueError:
        return Persona.MEI


def forget_unknown_persona() -> None:
    """Take a name that nobody has out of the address, so that no link carries it on."""
    if st.query_params.get(LOOK_AS, Persona.MEI) not in set(Persona):
        del st.query_params[LOOK_AS]


def look_as(other: Persona) -> None:
    """Go on as someone else, with nothing left of what the former person had open or chosen."""
    changes = changes_of_person() + 1
    st.session_state.clear()
    st.session_state[_CHANGES] = changes
    st.query_params.from_dict({LOOK_AS: other.value})


def changes_of_person() -> int:
    """How often this visit went on as someone else."""
    return int(st.session_state.get(_CHANGES, 0))


def link_query(**more: str) -> dict[str, str]:
    """Query parameters for a page_link, so that the person stays the same on the next page."""
    here = {LOOK_AS: st.query_params[LOOK_AS]} if LOOK_AS in st.query_params else {}
    return {**here, **more}
