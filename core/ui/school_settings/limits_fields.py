"""The three figures of a limit, as they are typed in."""

from decimal import Decimal

import streamlit as st

from core.ui.school_settings.choices_desk import field
from core.ui.school_settings.limits_words import span, windows
from core.usage.limits_by_hand import Bounds, Rule


def draw_fields(name: str, rule: Rule, bounds: Bounds) -> None:
    """Starts with `rule`; what is typed is read back with `rule_in`.

    The fields have no bounds: the browser would turn red and keep silent, where saving says the reason.
    """
    st.number_input(
        "At most",
        value=min(rule.at_most, bounds.most),
        step=1,
        key=field(f"{name}_at_most"),
        help=f"From 1 to {bounds.most}.",
    )
    st.selectbox(
        "In any",
        windows(bounds.least_seconds, bounds.most_seconds, rule.per_seconds),
        index=windows(bounds.least_seconds, bounds.most_seconds, rule.per_seconds).index(rule.per_seconds),
        format_func=span,
        key=field(f"{name}_window"),
    )
    st.number_input(
        "Seconds from one to the next",
        value=float(min(rule.gap_seconds, bounds.most_gap_seconds)),
        step=1.0,
        format="%g",
        key=field(f"{name}_gap"),
        help=f"From 0 to {bounds.most_gap_seconds:f}, and no longer than the window.",
    )


def rule_in(name: str) -> Rule:
    return Rule(
        int(st.session_state[field(f"{name}_at_most")]),
        Decimal(str(st.session_state[field(f"{name}_window")])),
        Decimal(f"{st.session_state[field(f'{name}_gap')]:g}"),
    )
