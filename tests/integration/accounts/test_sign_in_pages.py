import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from sqlalchemy import create_engine
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.accounts.person import Person
from core.accounts.sessions import SESSION_COOKIE
from core.accounts.sign_in import SignIn, build_sign_in
from core.db.engine import Database
from core.server.session_cookie import NEW_PASSWORD_COOKIE, UNDER_WAY_COOKIE
from core.server.sign_in import sign_in_routes
from core.settings import load_settings
from tests.integration.accounts.oidc_stand_in import CLIENT_ID, CLIENT_SECRET, OidcStandIn
from tests.integration.accounts.school import KEY, SignInSchool
from tests.integration.accounts.supabase_stand_in import PUBLISHABLE, SECRET, Account, SupabaseStandIn

SITE = "http://127.0.0.1:8501"
PASSWORD, NEW_PASSWORD = "correct horse battery", "staple 7 paperclips"


@pytest.fixture
def ways(school: SignInSchool, supabase: SupabaseStandIn, oidc: OidcStandIn) -> SignIn:
    environment = {
        "STAFFROOM_MODE": "production",
        "DATABASE_URL": school.addresses.app,
        "STAFFROOM_SECRET_KEY": KEY,
        "SUPABASE_URL": supabase.address,
        "SUPABASE_PUBLISHABLE_KEY": PUBLISHABLE,
        "SUPABASE_SECRET_KEY": SECRET,
        "OIDC_ISSUER": oidc.address,
        "OIDC_CLIENT_ID": CLIENT_ID,
        "OIDC_CLIENT_SECRET": CLIENT_SECRET,
    }
    return build_sign_in(load_settings(environment), school.database)


def browser_of(ways: SignIn, *, site: str = SITE) -> TestClient:
    """Sends what a browser sends with its own site's forms, from an address of its own."""
    routes = sign_in_routes(lambda: ways)
    return TestClient(
        Starlette(routes=routes),
        base_url=site,
        headers={"Origin": site, "User-Agent": "Firefox"},
        client=(uuid4().hex, 1),
        follow_redirects=False,
    )


@pytest.fixture
def browser(ways: SignIn) -> Iterator[TestClient]:
    with browser_of(ways) as browser:
        yield browser


@pytest.fixture
def mei(school: SignInSchool) -> Person:
    return school.hire()


@pytest.fixture
def account(school: SignInSchool, supabase: SupabaseStandIn, mei: Person) -> Account:
    supabase.accounts.append(Account(school.email(mei), PASSWORD))
    return supabase.accounts[-1]


def sign_in(browser: TestClient, account: Account, **more: str) -> Any:
    return browser.post("/sign-in", data={"email": account.email, "password": PASSWORD, **more})


def person(browser: TestClient, ways: SignIn) -> Person | None:
    token = browser.cookies.get(SESSION_COOKIE)
    return None if token is None else ways.sessions.person(token)


def by_provider(browser: TestClient, oidc: OidcStandIn, school: SignInSchool, who: Person, **asked: str) -> Any:
    """To the provider, in there as `who`, and back."""
    oidc.subject, oidc.email = f"subject of {who.staff_id}", school.email(who)
    there = browser.get("/sign-in/oidc", params=asked).headers["location"]
    return browser.get("/sign-in/oidc/callback", params=oidc.visit(there))


def test_the_first_page_offers_every_way_the_school_has(ways: SignIn, browser: TestClient) -> None:
    both = browser.get("/sign-in").text
    password_alone = browser_of(replace(ways, single_sign_on=None)).get("/sign-in").text
    provider_alone = browser_of(replace(ways, passwords=None)).get("/sign-in").text

    found = [("school account" in html, 'type="password"' in html) for html in (both, password_alone, provider_alone)]
    assert found == [(True, True), (False, True), (True, False)]


def test_the_right_password_leads_back_to_where_the_visitor_was(
    browser: TestClient, ways: SignIn, account: Account, mei: Person
) -> None:
    reply = sign_in(browser, account, next="/Student_roster?student=7")

    assert (reply.status_code, reply.headers["location"]) == (303, "/Student_roster?student=7")
    assert person(browser, ways) == mei


@pytest.mark.parametrize(("site", "is_https"), [(SITE, False), ("https://staffroom.example", True)])
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    ways: SignIn, account: Account, site: str, is_https: bool
) -> None:
    with browser_of(replace(ways, public_url=site), site=site) as browser:
        cookie = sign_in(browser, account).headers["set-cookie"]

    assert cookie.startswith(f"{SESSION_COOKIE}=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert ("Secure" in cookie.split("; ")) is is_https
    assert "Max-Age" not in cookie


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/a\\..\\evil",
        "javascript:alert(1)",
        "evil.example",
        "/\t/evil.example",
        "/sign-out",
        "/sign-in?next=/sign-in",
        "",
        "/" + "x" * 3000,
    ],
)
def test_no_link_leads_out_of_the_site_or_round_in_circles(browser: TestClient, account: Account, wanted: str) -> None:
    assert sign_in(browser, account, next=wanted).headers["location"] == "/"


def test_a_wrong_password_keeps_the_e_mail_and_forgets_the_password(browser: TestClient, account: Account) -> None:
    reply = browser.post("/sign-in", data={"email": account.email, "password": "wrong wrong", "next": "/Usage"})

    assert reply.status_code == 401
    assert 'role="alert"' in reply.text
    assert f'value="{account.email}"' in reply.text
    assert 'value="/Usage"' in reply.text
    assert "wrong wrong" not in reply.text
    assert "set-cookie" not in reply.headers


def test_a_proven_account_of_nobody_is_refused_kindly(browser: TestClient, supabase: SupabaseStandIn) -> None:
    supabase.accounts.append(Account(f"{uuid4().hex}@elsewhere.example", PASSWORD))

    reply = sign_in(browser, supabase.accounts[-1])

    assert reply.status_code == 403
    assert "Ask an admin" in reply.text
    assert SESSION_COOKIE not in browser.cookies


def test_what_was_typed_is_shown_as_text(browser: TestClient) -> None:
    typed = '"><script>alert(1)</script>'

    for reply in (
        browser.post("/sign-in", data={"email": typed, "password": "x"}),
        browser.get("/sign-in", params={"next": "/" + typed, "said": typed}),
        browser.get("/sign-in/new-password", params={"token_hash": typed, "type": typed}),
    ):
        assert "<script" not in reply.text


def test_no_page_of_sign_in_needs_a_script_or_another_site(browser: TestClient, account: Account) -> None:
    pages = [
        *(browser.get(path) for path in ("/sign-in", "/sign-in/forgotten", "/sign-in/new-password?token_hash=x")),
        browser.post("/sign-in/forgotten", data={"email": "nobody@x.y"}),
    ]
    sign_in(browser, account)
    pages.append(browser.get("/sign-out"))

    for page in pages:
        assert page.status_code == 200
        assert page.headers["cache-control"] == "no-store"
        assert not re.search(r"<script|\son\w+=|https?://", page.text)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/forgotten", "/sign-in/new-password", "/sign-out"])
def test_a_form_of_another_site_does_nothing(
    browser: TestClient, supabase: SupabaseStandIn, headers: dict[str, str], path: str
) -> None:
    reply = browser.post(path, data={"email": "a@b.c", "password": PASSWORD}, headers=headers)

    assert reply.status_code == 403
    assert "did not come from here" in reply.text
    assert supabase.seen == []


@pytest.mark.parametrize("content", [b"email=" + b"x" * 20_000, b"&".join([b"a=1"] * 50), b"email=\xff"])
def test_a_form_that_is_none_is_refused(browser: TestClient, content: bytes) -> None:
    assert browser.post("/sign-in", content=content).status_code == 403


def test_a_session_that_somebody_planted_is_not_taken_over(
    browser: TestClient, ways: SignIn, account: Account, mei: Person, school: SignInSchool
) -> None:
    planted = school.signed_in(school.hire()).token
    browser.cookies.set(SESSION_COOKIE, planted, domain="127.0.0.1", path="/")

    cookie = sign_in(browser, account).headers["set-cookie"]
    token = cookie.partition("=")[2].partition(";")[0]

    assert token != planted
    assert ways.sessions.person(token) == mei
    assert ways.sessions.person(planted) is None


def test_whoever_is_signed_in_goes_on_without_a_form(browser: TestClient, account: Account) -> None:
    sign_in(browser, account)

    reply = browser.get("/sign-in", params={"next": "/Usage"})

    assert (reply.status_code, reply.headers["location"]) == (303, "/Usage")


def test_signing_out_ends_the_session_and_takes_the_cookie(browser: TestClient, ways: SignIn, account: Account) -> None:
    sign_in(browser, account)
    token = browser.cookies[SESSION_COOKIE]

    reply = browser.post("/sign-out")

    assert (reply.status_code, reply.headers["location"]) == (303, "/sign-in?said=out")
    assert SESSION_COOKIE not in browser.cookies
    assert ways.sessions.person(token) is None
    assert "You are signed out." in browser.get(reply.headers["location"]).text


def test_signing_out_everywhere_reaches_the_other_browser(ways: SignIn, browser: TestClient, account: Account) -> None:
    with browser_of(ways) as other:
        sign_in(other, account)
        sign_in(browser, account)

        browser.post("/sign-out/everywhere")

        assert person(other, ways) is None


def test_a_link_to_sign_out_only_asks(browser: TestClient, ways: SignIn, account: Account, mei: Person) -> None:
    assert browser.get("/sign-out").headers["location"] == "/sign-in"
    sign_in(browser, account)

    page = browser.get("/sign-out").text

    assert mei.full_name in page
    assert person(browser, ways) == mei


def test_the_school_s_account_signs_in_and_leads_back(
    browser: TestClient, ways: SignIn, oidc: OidcStandIn, school: SignInSchool, mei: Person
) -> None:
    reply = by_provider(browser, oidc, school, mei, next="/Usage?span=month")

    assert (reply.status_code, reply.headers["location"]) == (303, "/Usage?span=month")
    assert person(browser, ways) == mei
    assert UNDER_WAY_COOKIE not in browser.cookies


def test_after_signing_out_the_provider_asks_which_account(browser: TestClient) -> None:
    (link,) = re.findall(r'href="(/sign-in/oidc[^"]*)"', browser.get("/sign-in?said=out").text)

    there = browser.get(link.replace("&amp;", "&")).headers["location"]

    assert parse_qs(urlsplit(there).query)["prompt"] == ["select_account"]


def test_an_answer_is_good_for_one_try(
    browser: TestClient, ways: SignIn, oidc: OidcStandIn, school: SignInSchool, mei: Person
) -> None:
    first = by_provider(browser, oidc, school, mei)
    browser.post("/sign-out")

    again = browser.get(str(first.request.url))

    assert again.status_code == 400
    assert person(browser, ways) is None


def test_an_answer_replayed_with_its_cookie_is_refused_by_the_provider(
    browser: TestClient, ways: SignIn, oidc: OidcStandIn, school: SignInSchool, mei: Person
) -> None:
    oidc.subject, oidc.email = str(mei.staff_id), school.email(mei)
    there = browser.get("/sign-in/oidc").headers["location"]
    kept, answer = browser.cookies[UNDER_WAY_COOKIE], oidc.visit(there)
    browser.get("/sign-in/oidc/callback", params=answer)

    with browser_of(ways) as thief:
        thief.cookies.set(UNDER_WAY_COOKIE, kept, domain="127.0.0.1", path="/sign-in")
        assert thief.get("/sign-in/oidc/callback", params=answer).status_code == 400
        assert person(thief, ways) is None


def test_an_answer_sent_to_another_browser_signs_nobody_in(
    ways: SignIn, browser: TestClient, oidc: OidcStandIn
) -> None:
    there = browser.get("/sign-in/oidc").headers["location"]

    with browser_of(ways) as victim:
        reply = victim.get("/sign-in/oidc/callback", params=oidc.visit(there))

    assert reply.status_code == 400
    assert "/token" not in {one.path for one in oidc.seen}


def test_a_provider_that_refuses_leaves_a_way_to_start_again(browser: TestClient) -> None:
    there = browser.get("/sign-in/oidc").headers["location"]
    state = parse_qs(urlsplit(there).query)["state"][0]

    reply = browser.get("/sign-in/oidc/callback", params={"error": "access_denied", "state": state})

    assert reply.status_code == 400
    assert 'href="/sign-in/oidc?choose=yes"' in reply.text


def test_no_answer_ever_holds_a_token_of_the_provider(
    browser: TestClient,
    oidc: OidcStandIn,
    supabase: SupabaseStandIn,
    school: SignInSchool,
    mei: Person,
    account: Account,
) -> None:
    replies = [sign_in(browser, account), by_provider(browser, oidc, school, mei)]

    issued = {*oidc.access_tokens, *(family.current for family in supabase.families)}
    for reply in replies:
        told = f"{reply.headers} {reply.text}"
        assert not any(token in told for token in issued)
        assert "eyJhbGciOi" not in told


def test_a_mail_is_promised_in_the_same_words_to_everyone(
    browser: TestClient, supabase: SupabaseStandIn, account: Account
) -> None:
    emails = [account.email, f"{uuid4().hex}@nowhere.example", "no e-mail"]

    replies = [browser.post("/sign-in/forgotten", data={"email": email}) for email in emails]

    assert len({reply.text for reply in replies}) == 1
    assert {reply.status_code for reply in replies} == {200}
    assert len({len(reply.headers["set-cookie"]) for reply in replies}) == 1
    assert [mail["redirect_to"] for mail in supabase.mails] == [f"{SITE}/sign-in/new-password"]


@pytest.mark.parametrize("what", ["token_hash", "code"])
def test_the_link_in_the_mail_leads_to_a_new_password_and_signs_out_everywhere_else(
    ways: SignIn, browser: TestClient, supabase: SupabaseStandIn, account: Account, mei: Person, what: str
) -> None:
    with browser_of(ways) as other:
        sign_in(other, account)
        browser.post("/sign-in/forgotten", data={"email": account.email})
        link = {what: supabase.mails[-1][what], "type": "recovery"}
        # A program that looks at mails opens it first.
        assert browser.get("/sign-in/new-password", params=link).status_code == 200

        reply = browser.post("/sign-in/new-password", data={**link, "password": NEW_PASSWORD})

        assert (reply.status_code, reply.headers["location"]) == (303, "/")
        assert person(browser, ways) == mei
        assert person(other, ways) is None
        assert account.password == NEW_PASSWORD
        assert NEW_PASSWORD_COOKIE not in browser.cookies


def test_a_code_opened_in_another_browser_is_worth_nothing(
    ways: SignIn, browser: TestClient, supabase: SupabaseStandIn, account: Account
) -> None:
    browser.post("/sign-in/forgotten", data={"email": account.email})

    with browser_of(ways) as other:
        link = {"code": supabase.mails[-1]["code"], "password": NEW_PASSWORD}
        reply = other.post("/sign-in/new-password", data=link)

    assert "open it in this browser" in reply.text
    assert account.password == PASSWORD


def test_too_many_tries_say_when_to_come_back(browser: TestClient, account: Account) -> None:
    for _ in range(10):
        browser.post("/sign-in", data={"email": account.email, "password": "wrong"})

    reply = sign_in(browser, account)

    assert reply.status_code == 429
    assert 880 < int(reply.headers["retry-after"]) <= 900
    assert "try again in 15 minutes" in reply.text


def test_a_provider_that_is_away_is_said_so(browser: TestClient, supabase: SupabaseStandIn, account: Account) -> None:
    supabase.faults.append((502, {"Content-Type": "text/html"}, b"Bad gateway"))

    reply = sign_in(browser, account)

    assert reply.status_code == 503
    assert "be reached now" in reply.text


def test_a_database_that_is_away_is_said_so(school: SignInSchool, ways: SignIn) -> None:
    nowhere = Database(app=create_engine("postgresql+psycopg2://x@127.0.0.1:9/x"), worker=None)
    settings = {"DATABASE_URL": school.addresses.app, "STAFFROOM_SECRET_KEY": KEY}
    away = replace(ways, sessions=build_sign_in(load_settings(settings), nowhere).sessions)

    with browser_of(away) as browser:
        browser.cookies.set(SESSION_COOKIE, ways.signatures.sign("session", "any"), domain="127.0.0.1", path="/")
        reply = browser.get("/sign-in")

    assert reply.status_code == 503
