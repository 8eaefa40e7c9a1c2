"""What the doctor could not see."""

from core.errors.app_error import AppError


class Unreachable(AppError):
    """Whoever was asked gave no answer that can be used; `to_do` is for the operator."""

    code = "unreachable"

    def __init__(self, why: str, to_do: str) -> None:
        super().__init__(why)
        self.to_do = to_do
