"""Each file of deploy/ is looked at by the program that will read it, and holds what the code counts on."""

import re
import subprocess
from pathlib import Path

import pytest

from core.jobs.ending import LONGEST_END_S
from core.settings import CHECKOUT
from tests.production.proxies import DEPLOY, Make, caddy, nginx, program

SERVERS = ("127.0.0.1:8501", "127.0.0.1:8502")
UNITS = sorted(path.name for path in (DEPLOY / "systemd").iterdir())
SCRIPTS = ["backup", "make-database", "restore", "supabase", "with-settings"]


def complaints(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 and not done.stderr else f"{done.returncode}: {done.stdout}{done.stderr}"


@pytest.mark.parametrize(
    ("make", "file", "many"),
    [
        (nginx, "staffroom.conf", 1),
        (nginx, "several.conf", 2),
        (caddy, "Caddyfile", 1),
        (caddy, "Caddyfile.several", 2),
    ],
    ids=str,
)
def test_a_proxy_takes_its_file(make: Make, file: str, many: int, tmp_path: Path) -> None:
    proxy = make(tmp_path, file, *SERVERS[:many])

    done = subprocess.run(proxy.check, env=proxy.environment, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_systemd_takes_every_unit(tmp_path: Path) -> None:
    """In the checkout's place: whether the programs that it starts are there is looked at, too."""
    for name in UNITS:
        unit = (DEPLOY / "systemd" / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(unit.replace("/opt/staffroom", str(CHECKOUT)), encoding="utf-8")
    files = [str(tmp_path / name.replace("@.", "@1.")) for name in UNITS]
    (tmp_path / "staffroom-worker@1.service").symlink_to(tmp_path / "staffroom-worker@.service")

    assert complaints(program("systemd-analyze"), "verify", "--man=no", *files) == ""


@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".service")])
def test_a_unit_leaves_its_program_few_rights(name: str) -> None:
    """Of 100, which is what a unit without any of it comes to."""
    strict = ("security", "--offline=yes", "--no-pager", "--threshold=20")

    done = subprocess.run(
        [program("systemd-analyze"), *strict, str(DEPLOY / "systemd" / name)], capture_output=True, check=False
    )

    assert done.returncode == 0, done.stdout.decode()[-300:]


def told(unit: str, name: str) -> list[str]:
    text = (DEPLOY / "systemd" / unit).read_text(encoding="utf-8")
    return re.findall(rf"^{name}=(.*)$", text, re.MULTILINE)


@pytest.mark.parametrize("unit", ["staffroom.service", "staffroom-worker@.service"])
def test_systemd_waits_for_what_is_paid(unit: str) -> None:
    (patience_s,) = told(unit, "TimeoutStopSec")

    assert float(patience_s) > LONGEST_END_S


def test_a_backup_that_fails_is_tried_again_the_same_night() -> None:
    unit = "staffroom-backup.service"

    assert told(unit, "Restart") == ["on-failure"]
    # More than one, before systemd gives it up.
    assert [int(many) > 1 for many in told(unit, "StartLimitBurst")] == [True]


def test_the_pages_get_no_login_past_row_level_security() -> None:
    assert {Path(file).name for file in told("staffroom.service", "EnvironmentFile")} == {
        "staffroom.env",
        "database.env",
    }
    assert "owner.env" not in "".join(told("staffroom-worker@.service", "EnvironmentFile"))
    for unit in ("staffroom.service", "staffroom-worker@.service"):
        assert told(unit, "InaccessiblePaths") == ["/etc/staffroom -/var/backups/staffroom"]


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_has_no_trap_that_is_known(script: str) -> None:
    assert complaints(program("shellcheck"), "--external-sources", str(DEPLOY / script)) == ""


def test_no_file_of_deploy_is_left_out_here() -> None:
    known = {*SCRIPTS, "owner.bash", "Containerfile", *(f"systemd/{unit}" for unit in UNITS)}
    known |= {"caddy/Caddyfile", "caddy/Caddyfile.several", "nginx/staffroom.conf", "nginx/several.conf"}

    assert {path.relative_to(DEPLOY).as_posix() for path in DEPLOY.rglob("*") if path.is_file()} == known


def instructions() -> list[tuple[str, str]]:
    """Of the Containerfile, each with what follows it."""
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Containerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = text.replace("\\\n", " ").splitlines()
    return [(word, rest) for word, _, rest in (line.strip().partition(" ") for line in lines) if word]


def test_the_container_runs_as_nobody_special_and_is_asked_whether_it_is_well() -> None:
    found = instructions()

    assert {word for word, _ in found} <= {
        "FROM", "RUN", "WORKDIR", "COPY", "ENV", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "CMD"
    }  # fmt: skip
    assert [rest for word, rest in found if word in {"USER", "CMD"}] == ["staffroom", '["staffroom", "serve"]']
    assert "/healthz" in next(rest for word, rest in found if word == "HEALTHCHECK")


def test_the_container_is_made_of_what_is_there_and_may_be_sent() -> None:
    sent = {line[1:] for line in (CHECKOUT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    sources = [rest.split()[:-1] for word, rest in instructions() if word == "COPY" and "--from" not in rest]
    copied = {source for some in sources for source in some}

    assert copied == sent
    assert [source for source in copied if not (CHECKOUT / source).exists()] == []


def test_no_secret_of_the_checkout_gets_into_the_image() -> None:
    """The last line that fits counts."""
    lines = (CHECKOUT / ".dockerignore").read_text().splitlines()

    assert lines.index(".streamlit/secrets.toml") > lines.index("!.streamlit")
    # What Supabase's command notes of the project.
    assert lines.index("sql/supabase/.temp") > lines.index("!sql")
