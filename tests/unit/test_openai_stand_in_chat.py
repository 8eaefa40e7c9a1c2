import openai
import pytest
from openai import OpenAI
from openai.types.chat import ChatCompletionChunk

from core.clients.openai_client import build_openai
from core.demo.openai_stand_in import StandIn, make_app
from core.demo.pauses import Timing

QUESTION = "How do I begin a talk with parents?"


@pytest.fixture
def stand_in() -> StandIn:
    return make_app(timing=Timing(chat_piece_s=0))


@pytest.fixture
def client(stand_in: StandIn) -> OpenAI:
    return build_openai(api_key=None, stand_in=stand_in)


def streamed(client: OpenAI, **options: object) -> list[ChatCompletionChunk]:
    with client.chat.completions.create(
        model="gpt-6-luna", messages=[{"role": "user", "content": QUESTION}], stream=True, extra_body=options
    ) as stream:
        return list(stream)


def test_a_streamed_answer_comes_in_many_pieces_and_ends_properly(client: OpenAI) -> None:
    chunks = streamed(client)

    assert chunks[0].choices[0].delta.role == "assistant"
    assert len(chunks) > 30
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices[0].finish_reason] == ["stop"]
    assert len({chunk.id for chunk in chunks}) == 1


def test_streamed_and_whole_answers_have_the_same_text(client: OpenAI) -> None:
    whole = client.chat.completions.create(model="gpt-6-luna", messages=[{"role": "user", "content": QUESTION}])
    text = "".join(chunk.choices[0].delta.content or "" for chunk in streamed(client))

    assert text == whole.choices[0].message.content
    assert "demo" in text
    assert QUESTION in text


def test_usage_comes_last_and_without_choices_when_it_is_asked_for(client: OpenAI) -> None:
    *earlier, last = streamed(client, stream_options={"include_usage": True})

    assert last.choices == []
    assert last.usage is not None
    assert last.usage.total_tokens == last.usage.prompt_tokens + last.usage.completion_tokens
    assert all(chunk.usage is None for chunk in earlier)


def test_no_usage_is_streamed_unasked(client: OpenAI) -> None:
    assert all(chunk.usage is None and chunk.choices for chunk in streamed(client))


def test_reasoning_is_billed_as_output_unless_it_is_switched_off(client: OpenAI) -> None:
    thought = streamed(client, stream_options={"include_usage": True})[-1].usage
    spoke = streamed(client, stream_options={"include_usage": True}, reasoning_effort="none")[-1].usage

    assert thought is not None
    assert spoke is not None
    assert thought.completion_tokens_details is not None
    assert thought.completion_tokens - spoke.completion_tokens == thought.completion_tokens_details.reasoning_tokens


def test_an_answer_over_the_token_limit_is_cut_and_says_so(client: OpenAI) -> None:
    chunks = streamed(client, max_completion_tokens=5)

    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == "This is the demo ans"
    assert chunks[-1].choices[0].finish_reason == "length"


def test_an_abandoned_answer_is_billed_all_the_same(client: OpenAI, stand_in: StandIn) -> None:
    with client.chat.completions.create(
        model="gpt-6-luna", messages=[{"role": "user", "content": QUESTION}], stream=True
    ) as stream:
        next(iter(stream))

    assert stand_in.ledger.billed_answers == 1
    assert stand_in.ledger.billed_images == 0


def test_text_parts_are_read_like_plain_text(client: OpenAI) -> None:
    reply = client.chat.completions.create(
        model="gpt-6-luna", messages=[{"role": "user", "content": [{"type": "text", "text": "Parts too?"}]}]
    )

    assert "Parts too?" in (reply.choices[0].message.content or "")


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"max_tokens": 10}, "unsupported_parameter", "max_tokens"),
        ({"temperature": 0.2}, "unsupported_value", "temperature"),
        ({"stream_options": {"include_usage": True}}, "invalid_value", "stream_options"),
        ({"messages": []}, "missing_required_parameter", "messages"),
        ({"messages": [{"role": "nobody", "content": "x"}]}, "invalid_value", "messages[0].role"),
        ({"reasoning_effort": "heroic"}, "invalid_value", "reasoning_effort"),
        ({"max_completion_tokens": -1}, "invalid_value", "max_completion_tokens"),
        ({"prompt": "x"}, "unknown_parameter", "prompt"),
    ],
)
def test_a_wrong_request_is_refused_free_of_charge(
    client: OpenAI, stand_in: StandIn, change: dict[str, object], code: str, param: str
) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(
            model="gpt-6-luna", messages=[{"role": "user", "content": QUESTION}], extra_body=change
        )

    assert (caught.value.code, caught.value.param) == (code, param)
    assert stand_in.ledger.bills == ()


def test_an_older_model_still_takes_max_tokens_and_temperature(client: OpenAI) -> None:
    reply = client.chat.completions.create(
        model="gpt-4o-mini", messages=[{"role": "user", "content": QUESTION}], max_tokens=5, temperature=0.2
    )

    assert reply.choices[0].finish_reason == "length"


@pytest.mark.parametrize("model", ["gpt-4", "gpt-99", "gpt-image-2"])
def test_a_model_that_does_not_chat_is_not_found(client: OpenAI, model: str) -> None:
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model=model, messages=[{"role": "user", "content": QUESTION}])
