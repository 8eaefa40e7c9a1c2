"""The commands as a table, made from what the assistant knows."""

import streamlit as st

from core.assistant.commands import COMMANDS, Command

PLAIN_WORDS = "Plain words work as well: “help me prepare for the parent teacher meeting”."


def draw_commands() -> None:
    columns = {"command": list(map(_typed, COMMANDS)), "does": [command.does for command in COMMANDS]}
    st.table(columns, hide_header=True, hide_index=True, border="horizontal", alt="Commands")
    st.caption(PLAIN_WORDS)


def _typed(command: Command) -> str:
    return f"**/{command.name}** :gray[{command.takes}]" if command.takes else f"**/{command.name}**"
