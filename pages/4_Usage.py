"""Usage: what was spent, by whom, on what, and what failed."""

from core.ui.page import run_page
from core.ui.usage_page import usage

run_page(usage, title="Usage")
