"""The family that every error a person may see belongs to."""

from typing import ClassVar


class AppError(Exception):
    """The family's root; `str(error)` is the sentence to show, `code` what logs and rows keep."""

    code: ClassVar[str] = "error"
    sentence: ClassVar[str] = "Something went wrong. Try again."
    page_can_go_on: ClassVar[bool] = True

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence or self.sentence)
