"""Imports before the first visitor that the first visitor would otherwise wait for."""

import gc
import importlib

SLOW_TO_IMPORT = ("openai", "genai_prices", "pandas", "pyarrow", "streamlit.elements.arrow", "PIL.WebPImagePlugin")


def warm_up() -> None:
    """Load what pages use, then take it out of every later garbage collection.

    Streamlit collects after each run of a page; over these packages that costs some 140 ms of CPU.
    """
    for name in SLOW_TO_IMPORT:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
