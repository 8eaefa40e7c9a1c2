import time
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest

from core.accounts.identity import Identity
from core.accounts.oidc import Answer, OpenIdConnect, Started
from core.accounts.provider_tokens import ProviderTokens
from core.clients.oidc_client import OidcClient
from core.errors import SignInAway, SignInRefused, SignInStale
from tests.integration.accounts.loopback import answer_json
from tests.integration.accounts.oidc_stand_in import CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, OidcStandIn
from tests.integration.accounts.school import SignInSchool


def client_of(oidc: OidcStandIn, *, secret: str | None = CLIENT_SECRET) -> OidcClient:
    return OidcClient(issuer=oidc.address, client_id=CLIENT_ID, client_secret=secret, redirect_uri=REDIRECT_URI)


@pytest.fixture
def single_sign_on(oidc: OidcStandIn, school: SignInSchool) -> OpenIdConnect:
    client = client_of(oidc)
    tokens = ProviderTokens(issuer=oidc.address, audience=CLIENT_ID, keys_address=client.keys_address, look_again_s=0)
    return OpenIdConnect(client=client, tokens=tokens, throttle=school.throttle)


def come_back(single_sign_on: OpenIdConnect, oidc: OidcStandIn) -> tuple[Started, Answer]:
    started, address = single_sign_on.start(choose_account=False)
    return started, Answer(**oidc.visit(address))


def sign_in(single_sign_on: OpenIdConnect, oidc: OidcStandIn) -> Identity:
    started, answer = come_back(single_sign_on, oidc)
    return single_sign_on.finish(started, answer, uuid4().hex)


def test_the_request_carries_state_nonce_and_a_challenge_and_never_the_verifier(single_sign_on: OpenIdConnect) -> None:
    started, address = single_sign_on.start(choose_account=True)

    asked = {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}
    assert asked.pop("code_challenge") not in {"", started.code_verifier}
    assert asked == {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": REDIRECT_URI,
        "scope": "openid email profile",
        "state": started.state,
        "nonce": started.nonce,
        "code_challenge_method": "S256",
        "prompt": "select_account",
    }
    assert len({started.state, started.nonce, started.code_verifier}) == 3
    assert min(map(len, (started.state, started.nonce, started.code_verifier))) >= 43


def test_a_code_is_worth_a_proven_account(single_sign_on: OpenIdConnect, oidc: OidcStandIn) -> None:
    assert sign_in(single_sign_on, oidc) == Identity(oidc.address, "mei", "mei@north.school", email_verified=True)


@pytest.mark.parametrize(
    ("claims", "is_verified"),
    [
        ({"email_verified": True}, True),
        ({"email_verified": "true"}, True),
        ({"xms_edov": True}, True),
        ({"xms_edov": "1"}, True),
        ({"email_verified": False}, False),
        ({"email_verified": "false"}, False),
        ({}, False),
    ],
)
def test_an_e_mail_links_only_if_the_provider_vouches_for_it(
    single_sign_on: OpenIdConnect, oidc: OidcStandIn, claims: dict[str, Any], is_verified: bool
) -> None:
    oidc.more = claims

    assert sign_in(single_sign_on, oidc).verified_email == ("mei@north.school" if is_verified else None)


def test_an_e_mail_that_is_not_in_the_token_is_asked_for(single_sign_on: OpenIdConnect, oidc: OidcStandIn) -> None:
    oidc.email, oidc.more = None, {}
    oidc.in_user_info = {"email": "mei@north.school", "email_verified": True}

    assert sign_in(single_sign_on, oidc).verified_email == "mei@north.school"


def test_what_is_said_about_another_subject_is_not_believed(single_sign_on: OpenIdConnect, oidc: OidcStandIn) -> None:
    oidc.email = None
    oidc.in_user_info = {"sub": "siti", "email": "siti@north.school", "email_verified": True}

    assert sign_in(single_sign_on, oidc).email is None


def test_the_client_s_secret_goes_where_the_provider_wants_it(single_sign_on: OpenIdConnect, oidc: OidcStandIn) -> None:
    oidc.metadata = {"token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_post"]}

    assert sign_in(single_sign_on, oidc).subject == "mei"


def test_a_code_used_twice_is_refused(single_sign_on: OpenIdConnect, oidc: OidcStandIn) -> None:
    started, answer = come_back(single_sign_on, oidc)
    single_sign_on.finish(started, answer, uuid4().hex)

    with pytest.raises(SignInRefused):
        single_sign_on.finish(started, answer, uuid4().hex)


def test_an_answer_to_somebody_else_s_sign_in_is_refused_before_the_provider_is_asked(
    single_sign_on: OpenIdConnect, oidc: OidcStandIn
) -> None:
    _, of_the_attacker = come_back(single_sign_on, oidc)
    own, _ = single_sign_on.start(choose_account=False)

    with pytest.raises(SignInStale):
        single_sign_on.finish(own, of_the_attacker, uuid4().hex)

    assert "/token" not in {one.path for one in oidc.seen}


def test_a_code_brought_into_another_browser_is_refused(single_sign_on: OpenIdConnect, oidc: OidcStandIn) -> None:
    _, stolen = come_back(single_sign_on, oidc)
    own, answer = come_back(single_sign_on, oidc)
    injected = Answer(state=answer.state, code=stolen.code, iss=answer.iss)

    with pytest.raises(SignInRefused):
        single_sign_on.finish(own, injected, uuid4().hex)


@pytest.mark.parametrize(
    "bent", [{"error": "access_denied"}, {"code": ""}, {"iss": "https://elsewhere.example"}, {"code": "made up"}]
)
def test_an_answer_that_is_none_is_refused(
    single_sign_on: OpenIdConnect, oidc: OidcStandIn, bent: dict[str, str]
) -> None:
    started, answer = come_back(single_sign_on, oidc)

    with pytest.raises(SignInRefused):
        single_sign_on.finish(started, Answer(**{**vars(answer), **bent}), uuid4().hex)


BENT: dict[str, dict[str, Any]] = {
    "expired": {"exp": time.time() - 120, "iat": time.time() - 420},
    "of tomorrow": {"iat": time.time() + 3600},
    "for somebody else": {"aud": "another-client"},
    "for several without a party": {"aud": [CLIENT_ID, "another-client"]},
    "for several and another party": {"aud": [CLIENT_ID, "another-client"], "azp": "another-client"},
    "by somebody else": {"iss": "https://elsewhere.example"},
    "of another sign-in": {"nonce": "another"},
    "without a nonce": {"nonce": ""},
    "with a strange subject": {"sub": 7},
}


@pytest.mark.parametrize("what", BENT)
def test_a_token_that_is_bent_is_refused(single_sign_on: OpenIdConnect, oidc: OidcStandIn, what: str) -> None:
    oidc.bend = lambda claims: {**claims, **BENT[what]}

    with pytest.raises(SignInRefused):
        sign_in(single_sign_on, oidc)


def test_a_token_for_several_with_us_as_the_party_is_ours(single_sign_on: OpenIdConnect, oidc: OidcStandIn) -> None:
    oidc.more = {"aud": [CLIENT_ID, "another-client"], "azp": CLIENT_ID}

    assert sign_in(single_sign_on, oidc).subject == "mei"


@pytest.mark.parametrize("how", ["forge", "unsigned", "signed_with_what_is_public"])
def test_a_forged_token_is_refused(single_sign_on: OpenIdConnect, oidc: OidcStandIn, how: str) -> None:
    oidc.forge = getattr(oidc.keys, how)

    with pytest.raises(SignInRefused):
        sign_in(single_sign_on, oidc)


@pytest.mark.parametrize("token", ["", "x", "a.b.c"])
def test_what_is_no_token_is_refused(single_sign_on: OpenIdConnect, oidc: OidcStandIn, token: str) -> None:
    oidc.forge = lambda _: token

    with pytest.raises(SignInRefused):
        sign_in(single_sign_on, oidc)


def test_the_provider_may_change_its_keys(single_sign_on: OpenIdConnect, oidc: OidcStandIn) -> None:
    sign_in(single_sign_on, oidc)
    oidc.keys.rotate()

    assert sign_in(single_sign_on, oidc).subject == "mei"


@pytest.mark.parametrize("ahead_s", [-50, 50])
def test_clocks_may_differ_by_a_minute(single_sign_on: OpenIdConnect, oidc: OidcStandIn, ahead_s: float) -> None:
    oidc.clock_ahead_s = ahead_s

    assert sign_in(single_sign_on, oidc).subject == "mei"


def test_keys_and_description_are_read_once(single_sign_on: OpenIdConnect, oidc: OidcStandIn) -> None:
    for _ in range(3):
        sign_in(single_sign_on, oidc)

    paths = [one.path for one in oidc.seen]
    assert paths.count("/jwks") == 1
    assert paths.count("/.well-known/openid-configuration") == 1


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://elsewhere.example"},
        {"token_endpoint": "http://elsewhere.example/token"},
        {"jwks_uri": None},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
)
def test_a_description_that_is_not_the_provider_s_is_refused(oidc: OidcStandIn, metadata: dict[str, Any]) -> None:
    oidc.metadata = metadata

    with pytest.raises(SignInRefused):
        client_of(oidc).keys_address()


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/jwks"])
@pytest.mark.parametrize("status", [500, 200])
def test_a_provider_that_answers_with_a_web_page_is_away(
    single_sign_on: OpenIdConnect, oidc: OidcStandIn, path: str, status: int
) -> None:
    oidc.faults = {path: (status, {"Content-Type": "text/html"}, b"<h1>Sorry</h1>")}

    with pytest.raises((SignInAway, SignInRefused)):
        sign_in(single_sign_on, oidc)


def test_a_wrong_secret_is_refused_and_not_repeated(oidc: OidcStandIn) -> None:
    with pytest.raises(SignInRefused) as refused:
        client_of(oidc, secret="a wrong one").tokens_for("code", "verifier")

    assert "a wrong one" not in str(refused.value)


def test_user_info_that_fails_is_away(single_sign_on: OpenIdConnect, oidc: OidcStandIn) -> None:
    oidc.email = None
    oidc.faults = {"/userinfo": answer_json({}, 503)}

    with pytest.raises(SignInAway):
        sign_in(single_sign_on, oidc)
