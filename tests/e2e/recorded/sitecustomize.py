"""What any Python that has this folder in PYTHONPATH does first: it keeps what its built-in stand-in is asked."""

import sys
from pathlib import Path

CHECKOUT = str(Path(__file__).parents[3])

# For this import alone: the program shall find its modules by itself.
sys.path.append(CHECKOUT)
from tests.e2e.recording_server import record  # noqa: E402 - found by the line above

sys.path.remove(CHECKOUT)
record()
