from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from core.server.app import app_options
from core.settings import Mode, load_settings


def paths(mode: Mode) -> list[str]:
    settings = load_settings({"STAFFROOM_MODE": mode, "DATABASE_URL": "postgresql://staffroom_app@db.example/school"})
    return [route.path for route in app_options(settings, may_be_framed=False)["routes"] if isinstance(route, Route)]


def test_in_the_demo_a_photo_has_an_address() -> None:
    assert "/app/static/photos/{photo_id:uuid}" in paths(Mode.DEMO)


def test_in_production_no_photo_is_served_before_there_are_sessions() -> None:
    assert paths(Mode.PRODUCTION) == ["/healthz"]


def test_readyz_is_not_answered_with_a_page_before_it_tells_something() -> None:
    middleware = app_options(load_settings({}), may_be_framed=False)["middleware"]
    page = Route("/{rest:path}", PlainTextResponse("the page"))

    client = TestClient(Starlette(routes=[page], middleware=middleware))

    assert [client.get(path).status_code for path in ("/", "/readyz")] == [200, 404]
