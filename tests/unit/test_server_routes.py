import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from core.errors import SettingsError
from core.server.app import app_options, hosted_options
from core.settings import load_settings

PRODUCTION = {
    "STAFFROOM_MODE": "production",
    "DATABASE_URL": "postgresql://staffroom_app@db.example/school",
    "STAFFROOM_SECRET_KEY": "k" * 32,
    "OIDC_ISSUER": "https://accounts.example",
    "OIDC_CLIENT_ID": "staffroom",
    "PUBLIC_URL": "https://staffroom.example",
}


def paths(environment: dict[str, str]) -> set[str]:
    options = app_options(load_settings(environment), may_be_framed=False)
    return {route.path for route in options["routes"] if isinstance(route, Route)}


def hosts_let_in(environment: dict[str, str], *names: str) -> list[bool]:
    middleware = app_options(load_settings(environment), may_be_framed=False)["middleware"]
    client = TestClient(Starlette(routes=[Route("/{rest:path}", PlainTextResponse("the page"))], middleware=middleware))
    return [client.get("/", headers={"Host": name}).status_code == 200 for name in names]


def test_a_photo_has_an_address_and_in_production_nobody_opens_it_without_a_session() -> None:
    address = "/app/static/photos/6f1c3a52-0d51-4f5b-9d53-6f3b4c9d2a10"
    options = app_options(load_settings(PRODUCTION), may_be_framed=False)
    client = TestClient(Starlette(routes=options["routes"]))

    assert "/app/static/photos/{photo_id:uuid}" in paths({})
    assert client.get(address).status_code == 404


def test_another_start_than_ours_ends_in_production_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(SystemExit, match="start Staffroom with `staffroom serve`"):
        hosted_options()


def test_another_start_with_a_wrong_variable_ends_with_its_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_POOL_SIZE", "many")

    with pytest.raises(SystemExit, match=r"^DB_POOL_SIZE must be"):
        hosted_options()


def test_people_sign_in_and_out_in_production_and_never_in_a_demo() -> None:
    signing = {"/sign-in", "/sign-in/oidc", "/sign-in/oidc/callback", "/sign-in/forgotten", "/sign-out"}

    assert signing < paths(PRODUCTION)
    assert not signing & paths({})


def test_production_without_a_way_to_sign_in_does_not_start() -> None:
    with pytest.raises(SettingsError, match=r"^STAFFROOM_SECRET_KEY"):
        app_options(load_settings(PRODUCTION | {"STAFFROOM_SECRET_KEY": ""}), may_be_framed=False)


def test_production_answers_under_its_own_names_alone() -> None:
    ours, theirs = ["staffroom.example", "STAFFROOM.example:443", "127.0.0.1:8501", "[::1]:8501"], ["evil.example", ""]

    assert hosts_let_in(PRODUCTION, *ours, *theirs) == [True] * 4 + [False] * 2
    assert hosts_let_in(PRODUCTION | {"ALLOWED_HOSTS": "a.example"}, "a.example", "127.0.0.1") == [True, False]
    assert hosts_let_in({}, "evil.example") == [True]


def image_sources(environment: dict[str, str]) -> list[str]:
    middleware = app_options(load_settings(environment), may_be_framed=False)["middleware"]
    client = TestClient(Starlette(routes=[Route("/", PlainTextResponse("the page"))], middleware=middleware))
    policy = client.get("/", headers={"Host": "127.0.0.1"}).headers["content-security-policy"]
    (rule,) = [one for one in policy.split("; ") if one.startswith("img-src ")]
    return rule.split()[1:]


def test_pages_show_pictures_of_another_host_only_where_photos_are_kept_there() -> None:
    project = {"SUPABASE_URL": "https://school.supabase.co/", "SUPABASE_PUBLISHABLE_KEY": "sb_publishable_x"}
    own = ["'self'", "data:", "blob:"]

    assert image_sources({}) == own
    assert image_sources(PRODUCTION | project) == own
    kept_there = PRODUCTION | project | {"SUPABASE_SECRET_KEY": "sb_secret_x"}
    assert image_sources(kept_there) == [*own, "https://school.supabase.co"]


def test_in_a_demo_readyz_is_not_answered_with_a_page() -> None:
    middleware = app_options(load_settings({}), may_be_framed=False)["middleware"]
    page = Route("/{rest:path}", PlainTextResponse("the page"))

    client = TestClient(Starlette(routes=[page], middleware=middleware))

    assert [client.get(path).status_code for path in ("/", "/readyz")] == [200, 404]
