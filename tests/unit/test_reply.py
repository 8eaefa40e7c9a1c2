import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import NotAnImage
from core.photos.reply import parse_reply, usage_in

USAGE = {"input_tokens": 9, "output_tokens": 439, "total_tokens": 448}
B64 = base64.b64encode(b"picture").decode()

json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda children: st.one_of(
        st.lists(children, max_size=3), st.dictionaries(st.text(max_size=8), children, max_size=3)
    ),
    max_leaves=8,
)


def body(**fields: Any) -> bytes:
    return json.dumps(fields).encode()


def test_an_image_comes_with_its_count() -> None:
    reply = parse_reply(body(created=1, size="1024x1024", data=[{"b64_json": B64}], usage=USAGE))

    assert (reply.b64, reply.url, reply.usage) == (B64, None, USAGE)
    assert reply.decoded() == b"picture"
    assert reply.data == {"created": 1, "size": "1024x1024"}


def test_an_image_may_come_as_an_address() -> None:
    reply = parse_reply(body(data=[{"url": "https://pictures.example/a.png", "b64_json": None}]))

    assert (reply.b64, reply.url, reply.usage) == (None, "https://pictures.example/a.png", None)
    assert reply.decoded() is None


def test_free_text_of_the_provider_is_not_kept() -> None:
    reply = parse_reply(
        body(created=True, model="m" * 65, note="x", data=[{"b64_json": B64, "revised_prompt": "a boy"}])
    )

    assert reply.data == {}


def test_only_plain_counts_and_plain_text_go_on_to_the_database() -> None:
    usage = {"output_tokens": 9, "a b": 1, "nan": float("nan"), "flag": True, "details": {"image_tokens": 9, "x": []}}

    reply = parse_reply(body(created=10**20, model="a\x00b", size="\ud800", data=[{"b64_json": B64}], usage=usage))

    assert reply.usage == {"output_tokens": 9, "details": {"image_tokens": 9}}
    assert reply.data == {}


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"<html>Gateway</html>",
        b"\xff\xfe",
        b"null",
        b"[]",
        b'"text"',
        b'{"data": [',
        b"[" * 100_000,
        body(error={"message": "no"}),
        body(data=None),
        body(data=[]),
        body(data={}),
        body(data=["text"]),
        body(data=[{}]),
        body(data=[{"b64_json": ""}]),
        body(data=[{"b64_json": 7, "url": ["x"]}]),
        body(data=[{"url": "u" * 5000}]),
    ],
)
def test_whatever_holds_no_image_is_said_to_be_none(junk: bytes) -> None:
    with pytest.raises(NotAnImage):
        parse_reply(junk)


@pytest.mark.parametrize("b64", ["%%%", "aGk", "aGk=\n", "a G k =", "aGké", "data:image/png;base64,aGk="])
def test_broken_base64_is_no_image(b64: str) -> None:
    with pytest.raises(NotAnImage):
        parse_reply(body(data=[{"b64_json": b64}])).decoded()


def test_a_reply_without_image_still_tells_what_it_cost() -> None:
    assert usage_in(body(data=[], usage=USAGE)) == USAGE
    assert usage_in(body(data=[], usage="many")) is None
    assert usage_in(b"<html>") is None


@given(st.one_of(st.binary(max_size=40), json_values.map(lambda value: json.dumps(value).encode())))
def test_no_reply_breaks_the_reader(raw: bytes) -> None:
    usage_in(raw)
    try:
        parse_reply(raw)
    except NotAnImage:
        return


@given(json_values, json_values)
def test_no_field_breaks_the_reader(image: object, usage: object) -> None:
    try:
        reply = parse_reply(body(data=[image], usage=usage))
    except NotAnImage:
        return
    assert reply.usage is None or isinstance(reply.usage, dict)
