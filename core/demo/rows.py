"""What a seeded table gets."""

from typing import Any, TypeAlias

Rows: TypeAlias = list[dict[str, Any]]
"""One dict of columns per row, all of them with the same keys."""
