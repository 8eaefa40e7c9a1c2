"""What of the audit log is shown; the address bar is where the choices live, by ids and days and never by names."""

from collections.abc import Collection
from datetime import date

import streamlit as st

from core.accounts.audit_search import AuditSearch
from core.accounts.audit_words import WORDS, Topic
from core.ui.roster_address import as_uuid, go_to
from core.ui.usage.address import as_day

TEXT, BY, ACTION, TOPIC, FIRST, LAST = "find", "by", "did", "about", "from", "to"
OPERATOR = "operator"
_CHOICES = (BY, ACTION, TOPIC)


def read_audit_address(actors: Collection[str]) -> AuditSearch:
    """What makes no sense counts as absent."""
    query = st.query_params
    by, topic = query.get(BY), query.get(TOPIC)
    first, last = as_day(query.get(FIRST)), as_day(query.get(LAST))
    is_span = first is not None and last is not None and first <= last
    return AuditSearch(
        staff_id=as_uuid(by) if by in actors else None,
        by_operator=by == OPERATOR,
        action=action if (action := query.get(ACTION)) in WORDS else None,
        topic=Topic(topic) if topic in set(Topic) else None,
        text=query.get(TEXT, "").strip(),
        first=first if is_span else None,
        last=last if is_span else None,
    )


def filtered_by() -> int:
    return sum(name in st.query_params for name in _CHOICES)


def go_to_days(days: tuple[date, ...]) -> None:
    """Both, or none where they were taken out."""
    chosen = days if len(days) == 2 else ()
    if len(days) != 1:
        for name, value in zip((FIRST, LAST), chosen or (None, None), strict=True):
            go_to(name, value.isoformat() if value else "")


def forget_choices() -> None:
    for name in _CHOICES:
        go_to(name, "")


def forget_everything() -> None:
    forget_choices()
    for name in (TEXT, FIRST, LAST):
        go_to(name, "")
