"""A public demo that has no room for a visitor just now."""

from core.errors.app_error import AppError


class DemoCrowded(AppError):
    """More visitors began within a minute than may."""

    code = "demo_crowded"
    page_can_go_on = False

    def __init__(self, wait_s: int) -> None:
        super().__init__(
            f"Many visitors came at the same time, and each gets a school of their own. Reload in {wait_s} s."
        )
