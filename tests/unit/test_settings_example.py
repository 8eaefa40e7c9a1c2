import re

from core.settings import CHECKOUT

SETTING = re.compile(r'"([A-Z][A-Z_]{3,})"')


def test_the_example_lists_every_setting_that_is_read() -> None:
    read = set(SETTING.findall((CHECKOUT / "core" / "settings.py").read_text(encoding="utf-8")))
    listed = set(re.findall(r"^# ([A-Z_]+)=", (CHECKOUT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))

    assert listed == read


def test_the_example_sets_nothing_by_itself() -> None:
    lines = (CHECKOUT / ".env.example").read_text(encoding="utf-8").splitlines()

    assert all(line == "" or line.startswith("#") for line in lines)
