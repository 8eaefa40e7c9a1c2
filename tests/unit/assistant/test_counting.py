import pytest

from core.assistant.counting import counted_usage, tokens_in
from core.assistant.measuring import MAY_BE_CHARGED, measured
from core.clients.openai_chat import ChatMessage, ChatRequest
from core.usage.prices import CostSource

REQUEST = ChatRequest(
    model="gpt-6-luna", messages=(ChatMessage("system", "Be brief."), ChatMessage("user", "Hello")), max_tokens=2000
)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("Hello", 1),
        ("The class did well today.", 6),
        ("[r7] STUDENT_12", 8),
        ("2026-11-12", 6),
        ("responsibilities", 3),
        ("你好", 2),
        ("one\n\ntwo", 3),
    ],
)
def test_words_count_by_their_length_and_signs_one_by_one(text: str, tokens: int) -> None:
    assert tokens_in(text) == tokens


def test_ordinary_prose_has_about_four_characters_a_token() -> None:
    prose = (
        "Begin with something that went well lately, and say what you saw yourself. Name one thing to work on, "
        "with the record behind it. Ask what things look like at home, and agree on one next step with a date. "
    )

    assert 3.5 <= len(prose) / tokens_in(prose) <= 5


def test_a_request_costs_even_if_one_word_came() -> None:
    assert counted_usage(REQUEST, " ") == {"prompt_tokens": 12, "completion_tokens": 1}


def test_the_providers_count_goes_before_ours() -> None:
    found = measured(REQUEST, {"prompt_tokens": 7, "completion_tokens": 2}, "Hello there, and more")

    assert found.cost.source is CostSource.REPORTED  # type: ignore[union-attr]  # a cost, since it was counted
    assert (found.tokens.prompt, found.tokens.completion, found.tokens.total) == (7, 2, 9)
    assert found.counted is None


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": 0, "completion_tokens": 0}, {"prompt_tokens": "many"}])
def test_a_count_that_can_not_be_relied_on_is_none(usage: dict[str, object] | None) -> None:
    found = measured(REQUEST, usage, "Hello")

    assert found.cost.source is CostSource.ESTIMATED  # type: ignore[union-attr]  # a cost, since it was counted
    assert (found.tokens.prompt, found.tokens.completion) == (12, 1)


def test_without_a_word_nothing_is_known() -> None:
    assert measured(REQUEST, None, "") is MAY_BE_CHARGED
