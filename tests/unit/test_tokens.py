from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.usage.tokens import ChatTokens, ImageTokens, chat_tokens, image_tokens

odd_values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5000),
    st.floats(),
    st.text(max_size=3),
    st.lists(st.integers(), max_size=1),
)
IMAGE_FIELDS = ["input_tokens", "output_tokens"]
details = st.one_of(odd_values, st.dictionaries(st.sampled_from(["image_tokens", "text_tokens"]), odd_values))


def test_an_image_reply_is_counted_by_kind() -> None:
    usage = {
        "input_tokens": 130,
        "output_tokens": 439,
        "input_tokens_details": {"text_tokens": 120, "image_tokens": 10},
        "output_tokens_details": {"text_tokens": 0, "image_tokens": 439},
    }

    assert image_tokens(usage) == ImageTokens(text_in=120, image_in=10, text_out=0, image_out=439)


def test_without_details_all_output_is_image() -> None:
    assert image_tokens({"input_tokens": 120, "output_tokens": 439}) == ImageTokens(120, 0, 0, 439)


@pytest.mark.parametrize(
    "usage",
    [
        None,
        {},
        {"input_tokens": 0, "output_tokens": 0},
        {"input_tokens": 120, "output_tokens": 0},
        {"input_tokens": 120, "output_tokens": True},
        {"input_tokens": 120, "output_tokens": -3},
        {"input_tokens": 120, "output_tokens": 10**10},
        {"input_tokens": 120, "output_tokens": "439"},
        {"output_tokens": 439},
        {"prompt_tokens": 120, "completion_tokens": 439},
    ],
)
def test_a_count_that_can_not_be_true_is_no_count(usage: dict[str, Any] | None) -> None:
    assert image_tokens(usage) is None


# The first example takes long on a machine that does other things.
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(st.sampled_from(IMAGE_FIELDS), odd_values),
    st.dictionaries(st.sampled_from(["input_tokens_details", "output_tokens_details"]), details),
)
def test_the_parts_of_any_reply_add_up(totals: dict[str, Any], parts: dict[str, Any]) -> None:
    tokens = image_tokens({**totals, **parts})

    if tokens is not None:
        assert tokens.prompt_tokens == totals["input_tokens"]
        assert tokens.completion_tokens == totals["output_tokens"]
        assert min(tokens.text_in, tokens.image_in, tokens.text_out, tokens.image_out) >= 0


def test_a_chat_reply_is_counted_with_its_cache() -> None:
    usage = {
        "prompt_tokens": 1000,
        "completion_tokens": 200,
        "prompt_tokens_details": {"cached_tokens": 600, "cache_write_tokens": 300},
    }

    assert chat_tokens(usage) == ChatTokens(1000, 200, cache_read=600, cache_written=300)


def test_a_cache_never_exceeds_the_prompt() -> None:
    usage = {
        "prompt_tokens": 10,
        "completion_tokens": 1,
        "prompt_tokens_details": {"cached_tokens": 99, "cache_write_tokens": 99},
    }

    assert chat_tokens(usage) == ChatTokens(10, 1, cache_read=10, cache_written=0)


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": 0, "completion_tokens": 0}, {"prompt_tokens": 5}])
def test_a_chat_that_counted_nothing_has_no_count(usage: dict[str, Any] | None) -> None:
    assert chat_tokens(usage) is None
