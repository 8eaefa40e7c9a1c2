"""`staffroom doctor` over a real database and stand-ins of everybody it asks: what is wrong is told, and only that."""

import json
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import httpx2
import pytest
from sqlalchemy import Connection, make_url, text

from core.cli import main
from core.db.embedded import EmbeddedPostgres
from core.db.preparing import prepare_embedded
from core.doctor.examining import examine
from core.doctor.finding import Level
from core.settings import load_settings
from tests.cast import Cast
from tests.integration.accounts.loopback import answer_json
from tests.integration.doctors_patient import PATIENCE_S, Patient, StandIns, patient_of, stand_ins
from tests.postgres import Addresses, Server
from tests.storage_answers import StoredBucket, StoredFile

PICTURE = StoredFile(b"picture", "image/webp", "max-age=60")
JOB_THAT_WAITS = """
    insert into procrastinate.procrastinate_jobs (queue_name, task_name, scheduled_at)
    values ('photos', 'make_portrait', now() - interval '10 minutes')
"""


@pytest.fixture(scope="module")
def around() -> Iterator[StandIns]:
    with stand_ins() as around:
        yield around


@pytest.fixture(autouse=True)
def _time_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator wants to know soon; a busy machine that runs tests may need longer."""
    monkeypatch.setattr("core.doctor.examining.LONGEST_S", PATIENCE_S)
    monkeypatch.setattr("core.clients.probe.PATIENCE", httpx2.Timeout(PATIENCE_S))
    monkeypatch.setattr("core.clients.openai_models.PATIENCE", httpx2.Timeout(PATIENCE_S))
    monkeypatch.setattr("core.doctor.probes.SHORT_PATIENCE", httpx.Timeout(PATIENCE_S))


@pytest.fixture
def patient(addresses: Addresses, owner: Connection, around: StandIns, tmp_path: Path) -> Patient:
    owner.execute(text("insert into procrastinate.procrastinate_workers default values"))
    return patient_of(addresses, around, tmp_path / "data")


def test_a_deployment_that_is_well_has_no_problem(patient: Patient) -> None:
    found = patient.examined()

    # Stand-ins speak http on this machine.
    assert {name for name, one in found.items() if one.level is not Level.GREEN} == {"public_url"}
    assert "may become authenticated and nothing else" in found["login_app"].found
    assert "accepts it" in found["openai_key"].found
    assert "1 of 1 signing keys" in found["sign_in_oidc"].found
    assert found["stream"].found.startswith("Opens")
    assert patient.project.files == {}


def test_signed_links_to_a_private_bucket_are_as_well(patient: Patient) -> None:
    patient.project.buckets["student-photos"].public = False
    patient.tell(PHOTO_BUCKET_ACCESS="private")

    assert patient.reds() == set()


def test_photos_that_lie_here_alone_are_counted(patient: Patient) -> None:
    folder = Path(patient.environment["STAFFROOM_DATA_DIR"]) / "photos" / "school"
    folder.mkdir(parents=True)
    for name in ("here", "there"):
        (folder / f"{name}.webp").write_bytes(PICTURE.data)
    patient.project.files["school/there.webp"] = PICTURE

    assert patient.examined()["photos_left_behind"].found.startswith("1 of the 2 files")


def test_what_schools_wait_for_and_chose_is_seen(patient: Patient, owner: Connection, cast: Cast) -> None:
    owner.execute(
        text(
            "insert into rate_limits (school_id, user_id, type, endpoint)"
            " select :school, :mei, 'chat', 'chat' from generate_series(1, 10)"
        ),
        {"school": cast.mei.school_id, "mei": cast.mei.staff_id},
    )
    owner.execute(
        text(
            "update schools set settings = jsonb_build_object("
            "'chat', jsonb_build_object('model', 'gpt-4', 'reasoning_effort', 'omit')) where id = :id"
        ),
        {"id": cast.mei.school_id},
    )

    found = patient.examined()

    assert found["limits"].found == "1 at the limit of questions."
    assert found["school_models"].level is Level.RED
    assert found["school_models"].found.startswith("gpt-4 is not among the provider's models")


Fault = Callable[[Patient, Connection], object]


def in_database(*statements: str) -> Fault:
    def change(_: Patient, owner: Connection) -> None:
        for statement in statements:
            owner.execute(text(statement))

    return change


def expired_keys(patient: Patient, _: Connection) -> None:
    keys = [{**key, "exp": 1} for key in patient.oidc.keys.published()["keys"]]
    patient.oidc.faults["/jwks"] = answer_json({"keys": keys})


def no_stream(patient: Patient, _: Connection) -> None:
    patient.site.answers["/_stcore/stream"] = (404, {}, "Not found")


def not_ready(patient: Patient, _: Connection) -> None:
    patient.site.answers["/readyz"] = (503, {}, {"status": "fault", "checks": {"storage": "fault", "queue": "ok"}})


def other_bucket(patient: Patient, **values: object) -> None:
    patient.project.buckets["student-photos"] = StoredBucket(**values)  # type: ignore[arg-type]  # of a test's own


@pytest.mark.parametrize(
    ("fault", "reds"),
    [
        (lambda p, _: p.tell(OPENAI_API_KEY="sk-wrong"), {"openai_key"}),
        (lambda p, _: p.tell(OPENAI_API_KEY=""), {"openai_key"}),
        (lambda p, _: p.tell(IMAGE_MODEL="gpt-image-9"), {"image_model"}),
        (in_database("alter table public.students disable row level security"), {"policies"}),
        (in_database('create policy "open to all" on public.students for select using (true)'), {"policies"}),
        (in_database("alter view public.usage_by_hour set (security_invoker = false)"), {"policies"}),
        (in_database("delete from supabase_migrations.schema_migrations where version = '0027'"), {"migrations"}),
        (in_database("delete from procrastinate.procrastinate_workers", JOB_THAT_WAITS), {"worker"}),
        (lambda p, _: p.tell(DATABASE_URL=p.environment["WORKER_DATABASE_URL"]), {"login_app"}),
        (lambda p, _: other_bucket(p, public=False), {"photo_bucket", "photo_links"}),
        (lambda p, _: other_bucket(p, file_size_limit=1_000_000), {"photo_bucket"}),
        (lambda p, _: p.tell(PHOTO_BUCKET="another-bucket"), {"photo_store"}),
        (lambda p, _: setattr(p.project, "lists_to_anyone", True), {"photo_listing"}),
        (lambda p, _: p.tell(SUPABASE_SECRET_KEY="sb_secret_wrong"), {"photo_store"}),
        (lambda p, _: p.tell(SUPABASE_PUBLISHABLE_KEY="sb_publishable_wrong"), {"sign_in_supabase"}),
        (
            lambda p, _: p.project.auth.settings.update(disable_signup=False, mailer_autoconfirm=True),
            {"sign_in_supabase"},
        ),
        (expired_keys, {"sign_in_oidc"}),
        (lambda p, _: p.tell(OIDC_CLIENT_SECRET="run-out"), {"sign_in_oidc"}),
        (lambda p, _: p.oidc.metadata.update(issuer="https://other.example"), {"sign_in_oidc"}),
        (no_stream, {"stream"}),
        (not_ready, {"site"}),
    ],
)
def test_one_thing_that_is_wrong_is_the_one_line_that_is_red(
    patient: Patient, owner: Connection, fault: Fault, reds: set[str]
) -> None:
    fault(patient, owner)

    assert patient.reds() == reds


def test_a_login_that_steps_round_policies_is_told_with_the_statement_that_mends_it(
    patient: Patient, addresses: Addresses, owner: Connection
) -> None:
    with login_of_another_kind(owner, addresses, "bypassrls") as (name, address):
        patient.tell(DATABASE_URL=address)
        found = patient.examined()["login_app"]

    assert found.level is Level.RED
    assert found.to_do == f"As the owner: alter role {name} nobypassrls."


def test_a_clock_that_is_off_is_told_for_whoever_is_furthest(patient: Patient) -> None:
    assert patient.reds(ahead_s=45) == {"clock"}
    assert patient.examined(ahead_s=-10)["clock"].level is Level.AMBER


def test_an_address_that_swallows_everything_takes_nothing_from_the_other_lines(patient: Patient) -> None:
    with black_hole() as port:
        patient.tell(DATABASE_URL=f"postgresql://staffroom_app@127.0.0.1:{port}/school")
        found = patient.examined()

    assert {name for name, one in found.items() if one.level is Level.RED} == {"database"}
    assert "no answer in time" in found["database"].found
    assert found["photo_store"].level is Level.GREEN


@pytest.mark.parametrize("is_well", [True, False])
def test_no_secret_and_no_name_is_ever_told(patient: Patient, cast: Cast, run: "Run", *, is_well: bool) -> None:
    if not is_well:
        port = 9
        nowhere = dict.fromkeys(("SUPABASE_URL", "OIDC_ISSUER", "PUBLIC_URL"), f"http://127.0.0.1:{port}")
        addresses = {
            name: make_url(patient.environment[name]).set(host="127.0.0.1", port=port, query={})
            for name in ("DATABASE_URL", "WORKER_DATABASE_URL", "MIGRATION_DATABASE_URL")
        }
        patient.tell(
            **nowhere,
            **{name: url.render_as_string(hide_password=False) for name, url in addresses.items()},
            OPENAI_BASE_URL=f"http://somebody:{patient.openai.key}@127.0.0.1:{port}/v1",
        )

    told = [run(patient, "--json"), run(patient)]

    assert [one.code for one in told] == [0, 0] if is_well else [1, 1]
    words = "".join(one.out + one.err for one in told)
    names = {cast.mei.full_name, "Ana Lim", "North Primary"}
    assert [secret for secret in patient.secrets | names if secret in words] == []


def test_for_programs_it_is_one_object(patient: Patient, run: "Run") -> None:
    told = run(patient, "--json")

    report = json.loads(told.out)
    assert report.keys() == {"level", "version", "commit", "checks"}
    assert report["level"] == "amber"
    assert report["checks"][0].keys() == {"name", "about", "level", "found", "to_do"}
    assert told.err.splitlines()[-1].startswith("Warning: no problems, 1 warning, ")


def test_settings_that_can_not_be_read_are_the_one_problem(patient: Patient, run: "Run") -> None:
    patient.tell(WORKER_CONCURRENCY="many")

    told = run(patient)

    assert told.code == 1
    assert told.out.splitlines()[1].strip() == (
        "→ WORKER_CONCURRENCY must be a whole number from 1 to 64. Correct it in the environment or in .env."
    )


def test_a_demo_before_its_first_day_is_well_and_nothing_is_made(patient: Patient, run: "Run", tmp_path: Path) -> None:
    patient.environment = {**dict.fromkeys(patient.environment, ""), "STAFFROOM_DATA_DIR": str(tmp_path / "new")}

    told = run(patient)

    assert told.code == 0
    assert "Database: None yet" in told.out
    assert not (tmp_path / "new").exists()


@pytest.mark.processes
def test_an_embedded_database_is_started_for_it_and_stopped_again() -> None:
    with tempfile.TemporaryDirectory(prefix="sr-", dir="/tmp") as folder:
        server = EmbeddedPostgres(Path(folder))
        server.start()
        prepare_embedded(server)
        server.stop()

        report = examine(load_settings({"STAFFROOM_DATA_DIR": folder, "PUBLIC_URL": "http://127.0.0.1:9"}))

        found = {one.name: one for one in report.findings}
        assert not (Path(folder) / "postgres" / "postmaster.pid").exists()
    assert report.level is not Level.RED
    assert found["database"].about == "Database, embedded"
    assert found["migrations"].found.startswith("All ")
    assert found["worker"].found == "Starts with the app, which is not running now."


class Outcome:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


Run = Callable[..., Outcome]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command itself."""

    def command(patient: Patient, *arguments: str) -> Outcome:
        for name, value in patient.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["staffroom", "doctor", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        captured = capsys.readouterr()
        return Outcome(int(left.value.code or 0), captured.out, captured.err)

    return command


@contextmanager
def login_of_another_kind(owner: Connection, addresses: Addresses, kind: str) -> Iterator[tuple[str, str]]:
    """Roles belong to the whole server, so the real ones are left alone."""
    name = f"test_{uuid4().hex[:12]}"
    superuser = Server(addresses.superuser)
    superuser.run(f"create role {name} login noinherit {kind}")
    owner.execute(text(f"grant authenticated to {name}"))
    owner.execute(text(f"grant usage on schema supabase_migrations to {name}"))
    owner.execute(text(f"grant select on supabase_migrations.schema_migrations to {name}"))
    try:
        yield name, make_url(addresses.app).set(username=name).render_as_string(hide_password=False)
    finally:
        owner.execute(text(f"revoke all on schema supabase_migrations from {name}"))
        owner.execute(text(f"revoke all on supabase_migrations.schema_migrations from {name}"))
        superuser.run(f"drop role {name}")


@contextmanager
def black_hole() -> Iterator[int]:
    """Takes connections and never says a word."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        yield listening.getsockname()[1]
