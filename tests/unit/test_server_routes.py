from starlette.routing import Route

from core.server.app import app_options
from core.settings import Mode, load_settings


def paths(mode: Mode) -> list[str]:
    settings = load_settings({"STAFFROOM_MODE": mode, "DATABASE_URL": "postgresql://staffroom_app@db.example/school"})
    return [route.path for route in app_options(settings, may_be_framed=False)["routes"] if isinstance(route, Route)]


def test_in_the_demo_a_photo_has_an_address() -> None:
    assert "/app/static/photos/{photo_id:uuid}" in paths(Mode.DEMO)


def test_in_production_no_photo_is_served_before_there_are_sessions() -> None:
    assert paths(Mode.PRODUCTION) == ["/healthz"]
