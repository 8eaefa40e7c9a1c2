import json
import logging
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from core.clients.openai_client import build_openai, key_hash, timeouts
from core.errors import SettingsError

SECRET = "sk-made-up-0123456789"


def models_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps({"object": "list", "data": [{"id": environ["PATH_INFO"], "object": "model"}]}).encode()]


def test_a_stand_in_answers_without_key_or_socket() -> None:
    client = build_openai(api_key=None, stand_in=models_app)

    assert [model.id for model in client.models.list()] == ["/v1/models"]


def test_the_client_never_retries_by_itself() -> None:
    assert build_openai(api_key=SECRET).max_retries == 0


def test_the_environment_does_not_choose_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://elsewhere.invalid/v1")

    assert str(build_openai(api_key=SECRET).base_url) == "https://api.openai.com/v1/"


def test_a_compatible_server_is_called_with_its_organisation() -> None:
    client = build_openai(api_key=SECRET, base_url="http://127.0.0.1:9/v1", organization="org-1")

    assert str(client.base_url) == "http://127.0.0.1:9/v1/"
    assert client.organization == "org-1"


@pytest.mark.parametrize("key", [None, "", "sk with space", "sk-\n", "sk-é"])
def test_a_key_that_no_header_can_carry_is_refused_without_showing_it(key: str | None) -> None:
    with pytest.raises(SettingsError, match="OPENAI_API_KEY must be") as caught:
        build_openai(api_key=key)

    assert not key or key not in str(caught.value)


def test_a_key_is_named_without_being_revealed() -> None:
    assert key_hash(SECRET) == key_hash(SECRET)
    assert key_hash(SECRET) != key_hash(SECRET + "0")
    assert len(key_hash(SECRET)) == 16
    assert SECRET not in key_hash(SECRET)
    assert key_hash(None) != key_hash(SECRET)


def test_connecting_is_given_less_time_than_reading() -> None:
    patience = timeouts()

    assert patience.connect is not None
    assert patience.read is not None
    assert patience.connect < patience.read


def test_the_key_stands_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        list(build_openai(api_key=None, stand_in=models_app).models.list())
        build_openai(api_key=SECRET)

    assert SECRET not in caplog.text
