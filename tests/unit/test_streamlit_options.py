from pathlib import Path
from typing import Any

import pytest
from streamlit import config

from core.server.streamlit_options import checkout_options, pin_options
from core.settings import CHECKOUT

HARDENED = {
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.showSidebarNavigation": False,
    "client.toolbarMode": "minimal",
    "logger.enableRich": False,
    "runner.magicEnabled": False,
    "server.enableAgentApi": False,
    "server.enableCORS": True,
    "server.enableXsrfProtection": True,
    "server.fileWatcherType": "none",
    "server.headless": True,
    "server.maxUploadSize": 10,
}


@pytest.mark.parametrize(("option", "value"), HARDENED.items())
def test_the_checkout_is_hardened(option: str, value: Any) -> None:
    assert checkout_options()[option] == value


def test_streamlit_knows_every_option() -> None:
    assert set(checkout_options()) <= set(config._config_options_template)


def test_every_font_is_served_by_the_app_itself() -> None:
    faces = checkout_options()["theme.fontFaces"]

    assert faces
    for face in faces:
        assert (CHECKOUT / face["url"].removeprefix("app/")).is_file()


def test_options_of_another_folder_give_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "config.toml").write_text('[client]\nshowErrorDetails = "full"\n')
    monkeypatch.chdir(tmp_path)
    config.get_config_options(force_reparse=True)

    pin_options(checkout_options())

    assert config.get_option("client.showErrorDetails") == "none"
