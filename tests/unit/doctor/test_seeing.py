"""What single looks make of what they find."""

import json
from pathlib import Path

import httpx2
import jwt
import psycopg2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from core.clients.openai_client import build_openai
from core.clients.openai_models import NoModelList, list_models
from core.clients.probe import Prober, ahead_of
from core.clocks import certainly_ahead_s
from core.db.connecting import unreachable
from core.db.shipped_policies import shipped_policies
from core.doctor.finding import Level, Report, fine, problem, warning
from core.doctor.install_look import look_at_packages, own_commit, own_version
from core.doctor.machine_look import look_at_machine
from core.doctor.sign_in_look import Keys, usable_keys
from core.errors import Unreachable
from core.settings import load_settings

NEW_YEAR = 1_767_225_600


def test_the_report_is_as_bad_as_its_worst_finding() -> None:
    good, doubtful, bad = fine("a", "A", "well"), warning("b", "B", "hm", "look"), problem("c", "C", "no", "do")

    told = [Report(found, "1", None).level for found in ((good,), (good, doubtful), (bad, doubtful, good), ())]

    assert told == [Level.GREEN, Level.AMBER, Level.RED, Level.GREEN]
    assert [level.word for level in Level] == ["OK", "Warning", "Problem"]


def test_clocks_are_apart_only_by_what_the_time_of_asking_does_not_explain() -> None:
    assert certainly_ahead_s(100, 104, 103) == 0
    assert certainly_ahead_s(100, 104, 90) == 10
    assert certainly_ahead_s(100, 104, 110) == -6
    assert certainly_ahead_s(100, 104, 99.5, precise_to_s=1) == 0


def test_a_date_tells_whole_seconds() -> None:
    date = "Thu, 01 Jan 2026 00:00:00 GMT"

    assert ahead_of(date, NEW_YEAR + 0.9, NEW_YEAR + 1.2) == 0
    assert ahead_of(date, NEW_YEAR + 11, NEW_YEAR + 12) == 10
    assert ahead_of(None, NEW_YEAR, NEW_YEAR) is None
    assert ahead_of("yesterday", NEW_YEAR, NEW_YEAR) is None


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (httpx2.ConnectTimeout("t"), "no answer in time"),
        (httpx2.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] of host.example"), "certificate"),
        (httpx2.ConnectError("[Errno -2] Name or service not known"), "name is not known"),
        (httpx2.ConnectError("[Errno 111] Connection refused"), "nobody listens"),
        (httpx2.RemoteProtocolError("what"), "can't be read"),
    ],
)
def test_why_nobody_answered_is_said_without_the_address(error: Exception, words: str) -> None:
    def answer(_request: httpx2.Request) -> httpx2.Response:
        raise error

    with pytest.raises(Unreachable, match=words) as told:
        Prober(transport=httpx2.MockTransport(answer)).get("https://host.example/?token=secret")

    assert "host.example" not in f"{told.value} {told.value.to_do}"


def test_an_answer_without_end_is_not_read() -> None:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, content=b"x" * 2_000_000))

    with pytest.raises(Unreachable, match="too long"):
        Prober(transport=transport).get("https://host.example/")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ('FATAL:  password authentication failed for user "staffroom_app"', "password is wrong"),
        ("FATAL:  Tenant or user not found", "does not know this login"),
        ("FATAL:  sorry, too many clients already", "no connection left"),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.9", user "a", database "b"', "does not let this login in"),
        ('FATAL:  database "scool" does not exist', "no such database"),
        ('FATAL:  role "staffroom_ap" does not exist', "no such login"),
        ('could not translate host name "db.invalid" to address', "name is not known"),
        ("Connection refused", "nobody listens"),
        ("timeout expired", "no answer in time"),
        ("server does not support SSL, but SSL was required", "encrypted"),
        ("something new", "no connection"),
    ],
)
def test_why_postgres_let_nobody_in_is_said_without_names(said: str, words: str) -> None:
    told = unreachable(psycopg2.OperationalError(said))

    assert words in str(told)
    assert not any(name in f"{told} {told.to_do}" for name in ("10.0.0.9", "scool", "db.invalid"))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (httpx2.Response(401, json={"error": {"message": "no"}}), "401"),
        (httpx2.Response(403, json={"error": {"message": "no"}}), "403"),
        (httpx2.Response(404, json={}), "no list of models"),
        (httpx2.Response(429, json={}), "pause"),
        (httpx2.Response(503, json={}), "status 503"),
        (httpx2.Response(200, text="<html>Welcome</html>", headers={"content-type": "text/html"}), "not its API"),
    ],
)
def test_what_a_provider_says_instead_of_its_models(answer: httpx2.Response, words: str) -> None:
    client = build_openai(api_key="sk-secret", base_url="https://llm.example/v1")
    transport = httpx2.MockTransport(lambda _: answer)
    asked = client.with_options(http_client=httpx2.Client(transport=transport, base_url="https://llm.example/v1"))

    with pytest.raises(Unreachable, match=words) as told:
        list_models(asked)

    assert "secret" not in f"{told.value} {told.value.to_do}"
    assert isinstance(told.value, NoModelList) is (answer.status_code == 404)


def published(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, algorithm: str, **more: object) -> dict[str, object]:
    named = jwt.get_algorithm_by_name(algorithm)
    return {**json.loads(named.to_jwk(key.public_key())), "alg": algorithm, **more}


def test_only_keys_that_we_would_believe_count() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    listed = [
        published(key, "ES256"),
        published(key, "ES256", exp=NEW_YEAR - 1),
        published(key, "ES256", use="enc"),
        {"kty": "oct", "k": "c2VjcmV0", "alg": "HS256"},
        {"kty": "EC"},
        "no key at all",
    ]

    assert usable_keys(listed, now=NEW_YEAR) == Keys(usable=1, published=6)
    assert usable_keys([]) == Keys(usable=0, published=0)


def test_packages_are_those_that_are_pinned(tmp_path: Path) -> None:
    file = tmp_path / "requirements.txt"
    pinned = jwt.__version__
    file.write_text(
        f"# by hand\npyjwt=={pinned} \\\n    --hash=sha256:0\nhttpx2==0.1\nno-such-package==1.0\n"
        "only-on-windows==2.0 ; sys_platform == 'win32' \\\n"
    )

    seen = look_at_packages(file)

    assert seen.pinned == 4
    assert [(pin.name, pin.found is None) for pin in seen.differing] == [("httpx2", False), ("no-such-package", True)]


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    seen = look_at_machine(load_settings({"STAFFROOM_DATA_DIR": str(tmp_path / "new" / "data")}))

    assert (seen.folder.is_there, seen.folder.is_writable, seen.replies, seen.photos) == (False, True, 0, 0)
    assert list(tmp_path.iterdir()) == []


def test_replies_and_photos_of_the_folder_are_counted(tmp_path: Path) -> None:
    (tmp_path / "spool").mkdir()
    (tmp_path / "spool" / "a.1.reply").write_bytes(b"paid")
    (tmp_path / "photos" / "school").mkdir(parents=True)
    (tmp_path / "photos" / "school" / "a.webp").write_bytes(b"picture")
    tmp_path.chmod(0o755)

    seen = look_at_machine(load_settings({"STAFFROOM_DATA_DIR": str(tmp_path)}))

    assert (seen.replies, seen.photos, seen.folder.is_open_to_others) == (1, 1, True)


def test_the_commit_is_read_from_a_checkout(tmp_path: Path) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    git = tmp_path / ".git"
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    assert own_commit(tmp_path) is None

    (git / "packed-refs").write_text(f"# pack-refs\n{commit} refs/heads/main\n")
    packed = own_commit(tmp_path)
    (git / "refs" / "heads" / "main").write_text(f"{commit}\n")

    assert packed == own_commit(tmp_path) == commit[:12]
    assert own_version() == "0.1.0"


def test_policies_are_those_that_are_left_in_the_end(tmp_path: Path) -> None:
    long = "p" * 80
    (tmp_path / "0001_one.sql").write_text(
        'create policy "all" on public.staff\nfor select using (true);\n  create policy "gone" on public.staff;\n'
    )
    (tmp_path / "0002_two.sql").write_text(
        f'drop policy "gone" on public.staff;\n    create policy "{long}" on storage.objects\n'
    )

    assert shipped_policies(tmp_path) == {"public.staff: all", f"storage.objects: {long[:63]}"}
