"""What docs/deploy.md names is there: commands, settings, files, and the places that its links lead to."""

import re
import shlex

import pytest
import typer

from core.cli import cli
from core.settings import CHECKOUT

PAGE = (CHECKOUT / "docs" / "deploy.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^( *)```bash\n(.*?)^\1```", PAGE, re.DOTALL | re.MULTILINE)
SHELL = re.sub(r"\\\n", " ", "\n".join(block for _, block in BLOCKS))
INLINE = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL))
# Of deploy/with-settings, of the page itself, and of the column that says what follows what.
OTHER_NAMES = {
    "STAFFROOM_SETTINGS",
    "STAFFROOM_USER",
    "SITE",
    "PATH",
    "PUBLIC_URL",
    "SHA256SUMS",
    "HEAD",
    "CHANGELOG",
    "YOUR",
    "END",
}
OPEN_SHELL = re.compile(r"[|;&]|\$\(|>")


def called() -> list[list[str]]:
    """Every `staffroom …`, in blocks and in sentences, without what the shell does with it."""
    lines = [line.strip() for line in SHELL.splitlines()] + INLINE
    after_image = [line.partition(" staffroom staffroom ")[2] for line in lines]
    calls = [line for line in lines if line.startswith("staffroom ")] + [
        f"staffroom {rest}" for rest in after_image if rest
    ]
    return [shlex.split(OPEN_SHELL.split(call)[0])[1:] for call in calls]


@pytest.mark.parametrize("call", [pytest.param(call, id=" ".join(call)) for call in called()])
def test_every_command_is_there_with_its_options(call: list[str]) -> None:
    command, words = typer.main.get_command(cli), list(call)
    while words and isinstance(command, typer.core.TyperGroup) and not words[0].startswith("-"):
        command = command.commands[words.pop(0)]

    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    assert {word for word in words if word.startswith("--")} <= known


def test_every_setting_is_there() -> None:
    read = set(re.findall(r"^# ([A-Z_]+)=", (CHECKOUT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    set_here = set(re.findall(r"^ *([A-Z][A-Z_]+) ?=", PAGE, re.MULTILINE))
    named = {name for code in INLINE for name in re.findall(r"\b[A-Z]+_[A-Z_]+\b", code)}

    assert len(named) > 10
    assert (set_here | named) - OTHER_NAMES - read == set()


def test_every_file_and_unit_is_there() -> None:
    named = set(re.findall(r"(?<![\w/.-])(?:/opt/staffroom/)?((?:deploy|sql|docs|core)/[\w./-]+\w)", PAGE))
    units = set(re.findall(r"\bstaffroom[\w-]*@?\d*\.(?:service|timer)\b", PAGE))

    assert {name for name in named if not (CHECKOUT / name).exists()} == set()
    shipped = {path.name for path in (CHECKOUT / "deploy" / "systemd").iterdir()}
    assert {re.sub(r"@\d+", "@", unit) for unit in units} <= shipped


def anchors(text: str) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_link_leads_somewhere() -> None:
    for file, anchor in re.findall(r"\]\((?!http)([^)#]*)#?([^)]*)\)", PAGE):
        target = (CHECKOUT / "docs" / file).resolve() if file else CHECKOUT / "docs" / "deploy.md"
        assert target.exists(), file
        assert not anchor or anchor in anchors(target.read_text(encoding="utf-8")), f"{file}#{anchor}"


def test_the_contents_list_every_part() -> None:
    listed = re.findall(r"^- \[(.+)\]\(#", PAGE, re.MULTILINE)

    assert listed == re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
