import base64
import io

import httpx2
import openai
import pytest
from openai import OpenAI
from PIL import Image

from core.clients.openai_client import build_openai
from core.demo.openai_stand_in import StandIn, make_app
from core.demo.provider.image_answers import gender_in

GIRL = "A school portrait of a girl, plain background"


@pytest.fixture
def stand_in() -> StandIn:
    return make_app()


@pytest.fixture
def client(stand_in: StandIn) -> OpenAI:
    return build_openai(api_key=None, stand_in=stand_in)


def decoded(text: str | None) -> bytes:
    assert text is not None
    return base64.b64decode(text, validate=True)


def test_a_portrait_arrives_as_a_png_with_the_published_token_counts(client: OpenAI) -> None:
    reply = client.images.generate(model="gpt-image-2.5-flare", prompt=GIRL, quality="medium", size="1024x1024")

    assert reply.data is not None
    assert reply.usage is not None
    assert reply.usage.output_tokens_details is not None
    with Image.open(io.BytesIO(decoded(reply.data[0].b64_json))) as picture:
        assert (picture.format, picture.size) == ("PNG", (1024, 1024))
    assert reply.usage.output_tokens == reply.usage.output_tokens_details.image_tokens == 439
    assert reply.usage.total_tokens == reply.usage.input_tokens + 439
    assert (reply.quality, reply.size, reply.output_format, reply.background) == (
        *("medium", "1024x1024", "png"),
        "opaque",
    )


@pytest.mark.parametrize(("quality", "tokens"), [("low", 196), ("medium", 439), ("high", 1756), ("auto", 5800)])
def test_quality_decides_the_tokens(client: OpenAI, quality: str, tokens: int) -> None:
    reply = client.images.generate(model="gpt-image-2.5-flare", prompt=GIRL, extra_body={"quality": quality})

    assert reply.usage is not None
    assert reply.usage.output_tokens == tokens


def test_a_larger_picture_takes_tokens_in_proportion(client: OpenAI) -> None:
    reply = client.images.generate(model="gpt-image-2.5-flare", prompt=GIRL, quality="low", size="1536x1024")

    assert reply.data is not None
    assert reply.usage is not None
    with Image.open(io.BytesIO(decoded(reply.data[0].b64_json))) as picture:
        assert picture.size == (1536, 1024)
    assert reply.usage.output_tokens == 294


@pytest.mark.parametrize("wanted", ["webp", "jpeg"])
def test_the_wanted_format_is_delivered(client: OpenAI, wanted: str) -> None:
    reply = client.images.generate(model="gpt-image-2.5-flare", prompt=GIRL, extra_body={"output_format": wanted})

    assert reply.data is not None
    with Image.open(io.BytesIO(decoded(reply.data[0].b64_json))) as picture:
        assert picture.format == wanted.upper()


def test_the_same_prompt_again_gives_another_face(client: OpenAI) -> None:
    first = client.images.generate(model="gpt-image-2.5-flare", prompt=GIRL, quality="low")
    second = client.images.generate(model="gpt-image-2.5-flare", prompt=GIRL, quality="low")

    assert first.data is not None
    assert second.data is not None
    assert first.data[0].b64_json != second.data[0].b64_json


@pytest.mark.parametrize(
    ("prompt", "gender"),
    [
        ("A photo of a girl", "female"),
        ("A photo of a female student", "female"),
        ("A photo of a Boy.", "male"),
        ("A photo of a student, male", "male"),
        ("A photo of a student", None),
        ("A boy or a girl", None),
        ("A pupil in a cowboy hat, a humane school", None),
    ],
)
def test_only_a_gender_that_the_prompt_names_is_drawn(prompt: str, gender: str | None) -> None:
    assert gender_in(prompt) == gender


def test_several_pictures_are_billed_one_by_one(client: OpenAI, stand_in: StandIn) -> None:
    reply = client.images.generate(
        model="gpt-image-2.5-flare", prompt=GIRL, quality="low", n=2, extra_body={"safety_identifier": "abc"}
    )

    assert reply.data is not None
    assert len(reply.data) == stand_in.ledger.billed_images == 2
    assert stand_in.ledger.requests == 1
    assert {bill.safety_id for bill in stand_in.ledger.bills} == {"abc"}


def test_each_reply_carries_its_own_id_and_the_demo_mark(client: OpenAI, stand_in: StandIn) -> None:
    raw = client.images.with_raw_response.generate(model="gpt-image-2.5-flare", prompt=GIRL, quality="low")

    assert raw.headers["x-staffroom-demo"] == "true"
    assert raw.headers["x-request-id"] == stand_in.ledger.bills[0].request_id


@pytest.mark.parametrize("model", ["gpt-image-99", "gpt-6-luna", "dall-e-3", "dall-e-2", "gpt-image-1"])
def test_a_model_that_is_unknown_or_retired_is_not_found(client: OpenAI, stand_in: StandIn, model: str) -> None:
    with pytest.raises(openai.NotFoundError) as caught:
        client.images.generate(model=model, prompt=GIRL)

    assert caught.value.code == "model_not_found"
    assert stand_in.ledger.billed_images == 0


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"response_format": "url"}, "unknown_parameter", "response_format"),
        ({"style": "vivid"}, "unknown_parameter", "style"),
        ({"prompt": " "}, "missing_required_parameter", "prompt"),
        ({"prompt": None}, "missing_required_parameter", "prompt"),
        ({"prompt": "a" * 32_001}, "string_above_max_length", "prompt"),
        ({"quality": "hd"}, "invalid_value", "quality"),
        ({"size": "100x100"}, "invalid_value", "size"),
        ({"n": 11}, "invalid_value", "n"),
        ({"output_format": "bmp"}, "invalid_value", "output_format"),
        ({"background": "transparent", "output_format": "jpeg"}, "invalid_value", "background"),
        ({"stream": True}, "unsupported_value", "stream"),
        ({"model": ""}, "missing_model", "model"),
    ],
)
def test_a_wrong_request_is_refused_free_of_charge(
    client: OpenAI, stand_in: StandIn, change: dict[str, object], code: str, param: str
) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.images.generate(model="gpt-image-2.5-flare", prompt=GIRL, extra_body=change)

    assert (caught.value.code, caught.value.param) == (code, param)
    assert stand_in.ledger.billed_images == 0
    assert stand_in.ledger.requests == 1


def test_a_request_without_a_key_is_turned_away(stand_in: StandIn) -> None:
    with httpx2.Client(transport=httpx2.WSGITransport(app=stand_in)) as http:
        reply = http.post("http://openai-stand-in.invalid/v1/images/generations", json={"prompt": GIRL})

    assert reply.status_code == 401
    assert reply.json()["error"]["code"] == "invalid_api_key"


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
def test_a_body_that_is_no_json_object_is_refused(stand_in: StandIn, body: bytes) -> None:
    with httpx2.Client(transport=httpx2.WSGITransport(app=stand_in)) as http:
        reply = http.post(
            "http://openai-stand-in.invalid/v1/images/generations",
            content=body,
            headers={"Authorization": "Bearer demo"},
        )

    assert reply.status_code == 400


def test_the_list_of_models_says_when_they_end(client: OpenAI) -> None:
    ends = {model.id: model.shutdown_date for model in client.models.list()}

    assert ends["gpt-image-2.5-flare"] is None
    assert ends["gpt-4o-mini"] == "2027-01-14"
    assert "dall-e-3" not in ends
    assert client.models.retrieve("gpt-6-luna").id == "gpt-6-luna"


def test_an_unknown_address_is_not_found(client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError):
        client.embeddings.create(model="text-embedding-3-small", input="x", encoding_format="float")
