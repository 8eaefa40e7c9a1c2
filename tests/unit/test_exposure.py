from collections.abc import Mapping

import pytest

from core.errors import OpenDemo
from core.server.exposure import refuse_open_demo
from core.settings import Settings, load_settings

KEY = {"OPENAI_API_KEY": "sk-made-up"}


def settings(environment: Mapping[str, str]) -> Settings:
    return load_settings(environment)


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.5", "school.example", None])  # noqa: S104
def test_a_demo_with_a_real_key_stays_on_this_machine(address: str | None) -> None:
    with pytest.raises(OpenDemo, match="DEMO_SPEND_LIMIT_USD"):
        refuse_open_demo(settings(KEY), address)


@pytest.mark.parametrize(
    "environment",
    [
        {},
        KEY | {"DEMO_SPEND_LIMIT_USD": "5"},
        KEY | {"STAFFROOM_MODE": "production", "DATABASE_URL": "postgresql://app@db.example/school"},
    ],
    ids=["nothing is paid", "spending is limited", "people sign in"],
)
def test_others_may_listen_anywhere(environment: Mapping[str, str]) -> None:
    refuse_open_demo(settings(environment), None)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.53", "::1", "localhost"])
def test_a_demo_with_a_real_key_may_listen_on_loopback(address: str) -> None:
    refuse_open_demo(settings(KEY), address)
