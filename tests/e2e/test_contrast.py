import pytest
from playwright.sync_api import Browser

from tests.e2e.browsing import visiting
from tests.e2e.contrast import expect_readable


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/Student_roster", "/Class_photos", "/Assistant"])
def test_quiet_text_and_chosen_controls_are_readable(browser: Browser, app_address: str, path: str, dark: bool) -> None:
    with visiting(browser, app_address, dark=dark) as visit:
        expect_readable(visit.open(path))
