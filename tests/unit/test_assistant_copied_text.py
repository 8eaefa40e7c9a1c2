import pytest

from core.ui.assistant.copied_text import as_plain_text


@pytest.mark.parametrize(
    ("answer", "plain"),
    [
        ("## Plan\n\n- **Ana** rose. [r1]", "Plan\n\n- Ana rose."),
        ("2 ** 3 ** 4", "2 ** 3 ** 4"),
        ("a [r1] [r2] b", "a b"),
    ],
)
def test_what_is_copied_has_neither_signs_nor_references(answer: str, plain: str) -> None:
    assert as_plain_text(answer) == plain
