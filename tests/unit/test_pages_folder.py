import ast
from pathlib import Path

import pytest

from core.settings import CHECKOUT
from core.ui.frame import MENU

PAGES = sorted((CHECKOUT / "pages").glob("*.py"))


def called_names(file: Path) -> list[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    calls = [step.value for step in tree.body if isinstance(step, ast.Expr) and isinstance(step.value, ast.Call)]
    return [call.func.id for call in calls if isinstance(call.func, ast.Name)]


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_each_page_goes_through_the_guard_once_and_runs_nothing_else(file: Path) -> None:
    assert called_names(file) == ["run_page"]


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_each_page_stands_in_the_menu(file: Path) -> None:
    assert f"pages/{file.name}" in [item.file for item in MENU]


@pytest.mark.parametrize("file", [*PAGES, CHECKOUT / "Home.py"], ids=lambda file: file.name)
def test_a_page_holds_no_try_and_no_sleep(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))

    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Try)]
    assert "sleep(" not in file.read_text(encoding="utf-8")
