"""Imports before the first visitor that the first visitor would otherwise wait for."""

import gc
import importlib

from core.assistant.pseudonyms import Pseudonyms

SLOW_TO_IMPORT = ("openai", "genai_prices", "pandas", "pyarrow", "streamlit.elements.arrow", "PIL.WebPImagePlugin")


def warm_up() -> None:
    """Load what pages use, then take it out of every later garbage collection.

    Streamlit collects after each run of a page; over these packages that costs some 140 ms of CPU.
    """
    for name in SLOW_TO_IMPORT:
        importlib.import_module(name)
    # The lists of words and of telephone numbers' forms are read at the first look.
    Pseudonyms([]).personal("Somebody's number is 6123 4567")
    gc.collect()
    gc.freeze()
