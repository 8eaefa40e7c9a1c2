import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from core.accounts.passwords import AUDIENCE, PasswordSignIn
from core.accounts.provider_tokens import ProviderTokens
from core.clients.supabase_auth import MailLink, SupabaseAuth
from core.errors import (
    AppError,
    EmailNotConfirmed,
    LinkUsedUp,
    SamePassword,
    SignInAway,
    SignInBusy,
    SignInRefused,
    TooManySignIns,
    WeakPassword,
    WrongPassword,
)
from tests.integration.accounts.loopback import Answer, answer_json
from tests.integration.accounts.school import SignInSchool
from tests.integration.accounts.supabase_stand_in import PUBLISHABLE, SECRET, Account, SupabaseStandIn

PASSWORD, NEW_PASSWORD = "correct horse battery", "staple 7 paperclips"
BACK = "http://127.0.0.1:8501/sign-in/new-password"


@pytest.fixture
def auth(supabase: SupabaseStandIn) -> Iterator[SupabaseAuth]:
    auth = SupabaseAuth(url=supabase.address, publishable_key=PUBLISHABLE, secret_key=SECRET)
    yield auth
    auth.close()


@pytest.fixture
def passwords(auth: SupabaseAuth, school: SignInSchool) -> PasswordSignIn:
    tokens = ProviderTokens(
        issuer=auth.issuer, audience=AUDIENCE, keys_address=lambda: auth.keys_address, look_again_s=0
    )
    return PasswordSignIn(auth=auth, tokens=tokens, throttle=school.throttle)


@pytest.fixture
def mei(supabase: SupabaseStandIn) -> Account:
    account = Account(f"{uuid4().hex}@north.school", PASSWORD)
    supabase.accounts.append(account)
    return account


def sign_in(passwords: PasswordSignIn, account: Account, password: str = PASSWORD) -> str:
    return passwords.sign_in(account.email, password, uuid4().hex).subject


def test_the_right_password_proves_an_account_and_its_e_mail(
    passwords: PasswordSignIn, supabase: SupabaseStandIn, mei: Account
) -> None:
    identity = passwords.sign_in(f" {mei.email.upper()} ", PASSWORD, "203.0.113.7")

    assert identity.issuer == f"{supabase.address}/auth/v1"
    assert identity.subject == mei.id
    assert identity.verified_email == mei.email


def test_no_session_of_the_provider_outlives_the_sign_in(
    passwords: PasswordSignIn, supabase: SupabaseStandIn, mei: Account
) -> None:
    sign_in(passwords, mei)

    assert supabase.live_families() == []


def test_the_visitor_s_address_is_forwarded_with_the_secret_key(
    passwords: PasswordSignIn, supabase: SupabaseStandIn, mei: Account
) -> None:
    passwords.sign_in(mei.email, PASSWORD, "203.0.113.7")

    assert {(one.headers["sb-forwarded-for"], one.headers["apikey"]) for one in supabase.seen} == {
        ("203.0.113.7", SECRET)
    }


def test_without_the_secret_key_nothing_is_forwarded(supabase: SupabaseStandIn, mei: Account) -> None:
    auth = SupabaseAuth(url=supabase.address, publishable_key=PUBLISHABLE, secret_key=None)

    assert auth.sign_in(mei.email, PASSWORD, "203.0.113.7").user_id == mei.id
    auth.close()

    assert not any("sb-forwarded-for" in one.headers for one in supabase.seen)
    assert {one.headers["apikey"] for one in supabase.seen} == {PUBLISHABLE}


def test_each_sign_in_has_a_client_of_its_own(
    passwords: PasswordSignIn, supabase: SupabaseStandIn, mei: Account
) -> None:
    sign_in(passwords, mei)
    sign_in(passwords, mei)

    asked = [one for one in supabase.seen if one.path == "/auth/v1/token"]
    assert {one.headers["authorization"] for one in asked} == {f"Bearer {SECRET}"}


def test_a_wrong_password_an_unknown_e_mail_and_a_closed_account_look_alike(
    passwords: PasswordSignIn, supabase: SupabaseStandIn, mei: Account
) -> None:
    banned = Account(f"{uuid4().hex}@north.school", PASSWORD, is_banned=True)
    supabase.accounts.append(banned)
    tries = [(mei.email, "wrong"), ("nobody@north.school", PASSWORD), (banned.email, PASSWORD), (banned.email, "wrong")]

    sentences = set()
    for email, password in tries:
        with pytest.raises(WrongPassword) as refused:
            passwords.sign_in(email, password, uuid4().hex)
        sentences.add(str(refused.value))

    assert len(sentences) == 1


@pytest.mark.parametrize(
    ("email", "password"),
    [("", PASSWORD), ("mei", PASSWORD), ("a b@c", PASSWORD), ("a@b\n", ""), ("a@b.c", ""), ("a@b.c", "x" * 201)],
)
def test_what_can_not_be_right_is_not_sent(
    passwords: PasswordSignIn, supabase: SupabaseStandIn, email: str, password: str
) -> None:
    with pytest.raises(WrongPassword):
        passwords.sign_in(email, password, uuid4().hex)

    assert supabase.seen == []


def test_an_unconfirmed_e_mail_is_told_to_whoever_has_the_password(passwords: PasswordSignIn, mei: Account) -> None:
    mei.is_confirmed = False

    with pytest.raises(EmailNotConfirmed):
        sign_in(passwords, mei)
    with pytest.raises(WrongPassword):
        sign_in(passwords, mei, "wrong")


def html(status: int) -> Answer:
    return status, {"Content-Type": "text/html"}, b"<h1>Sorry</h1>"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (answer_json({"code": "over_request_rate_limit", "message": "x"}, 429), SignInBusy),
        (answer_json({"message": "Too many requests"}, 429), SignInBusy),
        (html(429), SignInAway),
        (answer_json({"code": "unexpected_failure", "message": "x"}, 500), SignInAway),
        (html(502), SignInAway),
        (html(200), SignInAway),
        (answer_json([]), SignInAway),
        (answer_json({"message": "Invalid API key"}, 401), SignInRefused),
        (answer_json({"code": "email_provider_disabled", "message": "x"}, 422), SignInRefused),
        (html(520), SignInAway),
        # As a server without the version's header says it (helpers.py:141).
        (answer_json({"error_code": "invalid_credentials", "msg": "x"}, 400), WrongPassword),
        (answer_json({"error_code": "user_not_found", "msg": "x"}, 404), WrongPassword),
        (answer_json({"error_code": "over_request_rate_limit", "msg": "x"}, 429), SignInBusy),
        (answer_json({"error": "invalid_grant", "error_description": "x"}, 400), SignInRefused),
    ],
)
def test_whatever_the_provider_says_ends_in_one_sentence(
    passwords: PasswordSignIn, supabase: SupabaseStandIn, mei: Account, fault: Answer, error: type[AppError]
) -> None:
    supabase.faults.append(fault)

    with pytest.raises(AppError) as refused:
        sign_in(passwords, mei)

    assert type(refused.value) is error
    assert PASSWORD not in str(refused.value)


def test_a_provider_that_is_not_there_is_away() -> None:
    auth = SupabaseAuth(url="http://127.0.0.1:9", publishable_key=PUBLISHABLE, secret_key=None)

    with pytest.raises(SignInAway):
        auth.sign_in("a@b.c", PASSWORD, "x")
    auth.close()


def test_a_provider_whose_session_does_not_end_has_proven_the_account_all_the_same(
    passwords: PasswordSignIn, supabase: SupabaseStandIn, mei: Account
) -> None:
    supabase.is_logout_down = True

    assert sign_in(passwords, mei) == mei.id


def test_a_provider_that_publishes_no_keys_proves_nothing(
    passwords: PasswordSignIn, supabase: SupabaseStandIn, mei: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supabase.keys, "published", lambda: {"keys": []})

    with pytest.raises(SignInRefused):
        sign_in(passwords, mei)


def test_guessing_ends_after_10_times_and_the_provider_hears_no_more(
    passwords: PasswordSignIn, supabase: SupabaseStandIn, mei: Account
) -> None:
    for _ in range(10):
        with pytest.raises(WrongPassword):
            sign_in(passwords, mei, "wrong")
    asked = len(supabase.seen)

    with pytest.raises(TooManySignIns):
        sign_in(passwords, mei)

    assert len(supabase.seen) == asked


def test_the_provider_may_change_its_keys(passwords: PasswordSignIn, supabase: SupabaseStandIn, mei: Account) -> None:
    sign_in(passwords, mei)
    supabase.keys.rotate()

    assert sign_in(passwords, mei) == mei.id


@pytest.mark.parametrize("ahead_s", [-50, 50])
def test_clocks_may_differ_by_a_minute(
    passwords: PasswordSignIn, supabase: SupabaseStandIn, mei: Account, ahead_s: float
) -> None:
    supabase.clock_ahead_s = ahead_s

    assert sign_in(passwords, mei) == mei.id


BENT: dict[str, dict[str, Any]] = {
    "expired": {"exp": time.time() - 120, "iat": time.time() - 3720},
    "of tomorrow": {"iat": time.time() + 3600},
    "for somebody else": {"aud": "other"},
    "by somebody else": {"iss": "https://elsewhere.example/auth/v1"},
    "about somebody else": {"sub": "another"},
    "of nobody": {"is_anonymous": True},
}


@pytest.mark.parametrize("what", BENT)
def test_a_token_that_is_bent_is_refused(
    passwords: PasswordSignIn, supabase: SupabaseStandIn, mei: Account, what: str
) -> None:
    supabase.bend = lambda claims: {**claims, **BENT[what]}

    with pytest.raises(SignInRefused):
        sign_in(passwords, mei)


@pytest.mark.parametrize("claim", ["exp", "iat", "sub", "aud", "iss"])
def test_a_token_that_leaves_something_out_is_refused(
    passwords: PasswordSignIn, supabase: SupabaseStandIn, mei: Account, claim: str
) -> None:
    supabase.bend = lambda claims: {name: value for name, value in claims.items() if name not in {claim, "session_id"}}

    with pytest.raises(SignInRefused):
        sign_in(passwords, mei)


@pytest.mark.parametrize("how", ["forge", "unsigned", "signed_with_what_is_public"])
def test_a_forged_token_is_refused(
    passwords: PasswordSignIn, supabase: SupabaseStandIn, mei: Account, how: str
) -> None:
    supabase.forge = getattr(supabase.keys, how)

    with pytest.raises(SignInRefused):
        sign_in(passwords, mei)


def test_a_refresh_token_used_twice_ends_its_family(
    auth: SupabaseAuth, supabase: SupabaseStandIn, mei: Account
) -> None:
    client = auth._client("x")
    first = client.auth.sign_in_with_password({"email": mei.email, "password": PASSWORD}).session
    assert first is not None
    second = client.auth.refresh_session(first.refresh_token).session
    assert second is not None
    assert second.refresh_token != first.refresh_token

    with pytest.raises(Exception, match="refresh_token_already_used"):
        client.auth.refresh_session(first.refresh_token)
    with pytest.raises(Exception, match="refresh_token_not_found"):
        client.auth.refresh_session(second.refresh_token)

    assert supabase.live_families() == []


def test_a_mail_is_asked_for_alike_whether_or_not_there_is_such_an_account(
    passwords: PasswordSignIn, supabase: SupabaseStandIn, mei: Account
) -> None:
    known, unknown = (
        passwords.send_new_password_mail(email, BACK, uuid4().hex) for email in (mei.email, f"{uuid4().hex}@x.y")
    )

    assert known
    assert unknown
    assert [(mail["account"], mail["redirect_to"]) for mail in supabase.mails] == [(mei, BACK)]


@pytest.mark.parametrize("code", ["over_email_send_rate_limit", "email_address_not_authorized"])
def test_the_provider_s_refusal_to_send_a_mail_tells_nothing(
    passwords: PasswordSignIn, supabase: SupabaseStandIn, mei: Account, code: str
) -> None:
    supabase.faults.append(supabase.refused(429 if code.startswith("over") else 400, code))

    assert passwords.send_new_password_mail(mei.email, BACK, uuid4().hex) is None


def link_in_mail(supabase: SupabaseStandIn, verifier: str | None, *, by_code: bool) -> MailLink:
    mail = supabase.mails[-1]
    if by_code:
        return MailLink("recovery", code=mail["code"], code_verifier=verifier)
    return MailLink("recovery", token_hash=mail["token_hash"])


@pytest.mark.parametrize("by_code", [False, True])
def test_the_link_in_the_mail_sets_a_new_password_once_and_ends_every_session(
    passwords: PasswordSignIn, supabase: SupabaseStandIn, mei: Account, by_code: bool
) -> None:
    elsewhere = supabase._new_family(mei)
    verifier = passwords.send_new_password_mail(mei.email, BACK, uuid4().hex)
    link = link_in_mail(supabase, verifier, by_code=by_code)

    identity = passwords.set_password(link, NEW_PASSWORD, uuid4().hex)

    assert identity.subject == mei.id
    assert identity.verified_email == mei.email
    assert mei.password == NEW_PASSWORD
    assert elsewhere.is_revoked
    assert supabase.live_families() == []
    with pytest.raises(LinkUsedUp):
        passwords.set_password(link, "another long password", uuid4().hex)


def test_a_code_without_the_browser_that_asked_for_it_is_worth_nothing(
    passwords: PasswordSignIn, supabase: SupabaseStandIn, mei: Account
) -> None:
    passwords.send_new_password_mail(mei.email, BACK, uuid4().hex)

    for verifier in (None, "somebody else's"):
        with pytest.raises(LinkUsedUp):
            passwords.set_password(link_in_mail(supabase, verifier, by_code=True), NEW_PASSWORD, uuid4().hex)

    assert mei.password == PASSWORD


@pytest.mark.parametrize(
    ("status", "code"),
    [(403, "otp_expired"), (403, "session_not_found"), (404, "flow_state_not_found"), (422, "flow_state_expired")],
)
def test_a_link_that_the_provider_gave_up_is_used_up(
    passwords: PasswordSignIn, supabase: SupabaseStandIn, mei: Account, status: int, code: str
) -> None:
    passwords.send_new_password_mail(mei.email, BACK, uuid4().hex)
    supabase.faults.append(supabase.refused(status, code))

    with pytest.raises(LinkUsedUp):
        passwords.set_password(link_in_mail(supabase, None, by_code=False), NEW_PASSWORD, uuid4().hex)

    assert mei.password == PASSWORD


@pytest.mark.parametrize(
    ("refused", "error"),
    [("short", WeakPassword), ("password password", WeakPassword), (PASSWORD, SamePassword), ("x" * 201, WeakPassword)],
)
def test_after_a_password_that_is_not_taken_the_link_still_works(
    passwords: PasswordSignIn, supabase: SupabaseStandIn, mei: Account, refused: str, error: type[AppError]
) -> None:
    passwords.send_new_password_mail(mei.email, BACK, uuid4().hex)
    link = link_in_mail(supabase, None, by_code=False)

    with pytest.raises(error):
        passwords.set_password(link, refused, uuid4().hex)

    assert passwords.set_password(link, NEW_PASSWORD, uuid4().hex).subject == mei.id


def test_an_invitation_s_link_sets_the_first_password(passwords: PasswordSignIn, supabase: SupabaseStandIn) -> None:
    email = f"{uuid4().hex}@north.school"
    assert passwords.may_invite

    assert passwords.invite(email, BACK)
    link = MailLink("invite", token_hash=supabase.mails[-1]["token_hash"])

    assert supabase.mails[-1]["redirect_to"] == BACK
    assert passwords.set_password(link, NEW_PASSWORD, uuid4().hex).verified_email == email
    assert passwords.sign_in(email, NEW_PASSWORD, uuid4().hex).verified_email == email


def test_whoever_has_an_account_gets_no_second_one(
    passwords: PasswordSignIn, supabase: SupabaseStandIn, mei: Account
) -> None:
    assert not passwords.invite(mei.email, BACK)

    assert supabase.mails == []


def test_an_invitation_that_is_refused_has_a_sentence(passwords: PasswordSignIn, supabase: SupabaseStandIn) -> None:
    supabase.faults.append(supabase.refused(403, "not_admin"))

    with pytest.raises(SignInRefused):
        passwords.invite("new@north.school", BACK)
