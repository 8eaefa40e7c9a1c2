"""A page of untrusted text alone, for a browser that looks whether any of it is fetched: `?way=`.

`whole` draws each case at once, `streamed` as it comes in random pieces, `raw` without our writing it anew.
"""

import random
import time
from collections.abc import Iterator

import streamlit as st

from core.ui.assistant.model_text import StreamedText, finished_and_open, safe_markdown
from tests.unit.assistant_text.page_reading import cases

NUMBERS = {"r1": 1, "r7": 2}
CURSOR = "▌"
PAUSE_S = 0.012


def draw(way: str) -> None:
    for place, case in enumerate(cases()):
        with st.container(key=f"case_{place}"):
            if way == "raw":
                st.markdown(case)
            elif way == "whole":
                draw_blocks(case)
            else:
                st.write_stream(streamed(case, random.Random(place)), cursor=CURSOR)
    st.write("All is drawn.")


def draw_blocks(case: str) -> None:
    finished, rest = finished_and_open(case)
    for block in [*finished, rest]:
        st.markdown(safe_markdown(block, NUMBERS))


def streamed(case: str, at_random: random.Random) -> Iterator[str]:
    text, rest = StreamedText(NUMBERS), case
    while rest:
        length = at_random.randint(1, 40)
        yield text.feed(rest[:length])
        time.sleep(PAUSE_S)
        rest = rest[length:]
    yield text.finish()


draw(st.query_params.get("way", "whole"))
