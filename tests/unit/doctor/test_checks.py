"""Each thing that an operator can get wrong has a line of its own, as bad as it is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.clients.openai_models import ModelList, NoModelList
from core.doctor.evidence import Processes
from core.doctor.examining import judge
from core.doctor.finding import Level
from core.doctor.install_look import Pin
from core.doctor.looks import Away
from core.doctor.sign_in_look import Keys
from core.settings import ReasoningEffort
from core.usage.hand_prices import HandPrices, TokenPrice
from core.usage.model_choice import ChatModel, SchoolChoices
from tests.unit.doctor import well
from tests.unit.doctor.well import evidence, finding

RED, AMBER, GREEN = Level.RED, Level.AMBER, Level.GREEN
AWAY = Away("no answer in time", "See whether a firewall is in the way.")


def changed(what: str, **values: Any) -> dict[str, Any]:
    """One thing that was seen, with these values."""
    return {what: replace(getattr(evidence(), what), **values)}


def app_login(**values: Any) -> dict[str, Any]:
    return changed("app", login=replace(well.APP.login, **values))


def folder(**values: Any) -> dict[str, Any]:
    return changed("machine", folder=replace(well.FOLDER, **values))


def state(**values: Any) -> dict[str, Any]:
    return changed("bucket", state=replace(well.BUCKET.state, **values))


def test_a_well_deployment_is_green_in_every_line() -> None:
    report = judge(evidence())

    assert [one for one in report.findings if one.level is not GREEN] == []
    assert report.level is GREEN
    assert len({one.name for one in report.findings}) == len(report.findings)


def test_a_demo_on_its_first_day_is_green_in_every_line() -> None:
    demo = {**dict.fromkeys(well.ENVIRONMENT, ""), "STAFFROOM_MODE": "demo"}
    nothing = dict.fromkeys(("app", "worker", "work", "models", "bucket", "auth", "oidc"))

    report = judge(evidence(demo, site=AWAY, **nothing))

    assert [one for one in report.findings if one.level is not GREEN] == []
    assert any(one.found == "Not running now." for one in report.findings)


@pytest.mark.parametrize(
    ("environment", "name", "level", "words"),
    [
        ({"STAFFROOM_SECRET_KEY": ""}, "settings", RED, "STAFFROOM_SECRET_KEY"),
        ({"SUPABASE_URL": "", "OIDC_ISSUER": ""}, "settings", RED, "nobody could sign in"),
        ({"RUN_WORKER_IN_APP": "true", "WORKER_DATABASE_URL": ""}, "settings", RED, "would not start"),
        ({"STAFFROOM_MODE": "demo", "HOST": "0.0.0.0"}, "settings", RED, "DEMO_SPEND_LIMIT_USD"),  # noqa: S104
        ({"STAFFROOM_SECRET_KEY": "ab" * 20}, "secret_key", AMBER, "guessed"),
        ({"STAFFROOM_SECRET_KEY": f"{'abcdefghijklmnop' * 2},{'ponmlkjihgfedcba' * 2}"}, "secret_key", AMBER, "2 keys"),
        ({"PUBLIC_URL": "http://staffroom.school.example"}, "public_url", RED, "in the clear"),
        ({"PUBLIC_URL": "http://127.0.0.1:8501"}, "public_url", AMBER, "only this machine"),
        ({"ALLOWED_HOSTS": "other.example"}, "allowed_hosts", RED, "staffroom.school.example"),
        ({"TRUSTED_PROXIES": ""}, "trusted_proxies", AMBER, "count as one"),
        ({"TRUSTED_PROXIES": "10.0.0.0/8"}, "trusted_proxies", AMBER, "Add 127.0.0.1"),
        ({"TRUSTED_PROXIES": "0.0.0.0/0"}, "trusted_proxies", RED, "everybody"),
        ({"CHAT_MODEL": "gpt-4o-mini"}, "chat_model", RED, "refuses the reasoning effort none"),
        ({"CHAT_MODEL": "gpt-5-mini", "CHAT_REASONING_EFFORT": "low"}, "chat_model", AMBER, "ends on 2026-12-11"),
        ({"CHAT_MODEL": "a-model-of-our-own"}, "chat_model", AMBER, "no known price"),
        ({"IMAGE_MODEL": "gpt-image-1"}, "image_model", RED, "was switched off on 2026-10-23"),
        ({"IMAGE_MODEL": "gpt-image-1", "OPENAI_BASE_URL": "https://llm.example/v1"}, "image_model", AMBER, "price"),
        ({"IMAGE_MODEL": "gpt-image-2.6-flare"}, "image_model", AMBER, "hard budgets"),
        ({"IMAGE_QUALITY": "hd"}, "image_model", RED, "no quality hd"),
        ({"PHOTO_BUCKET_ACCESS": "private"}, "photo_bucket", RED, "The bucket is public"),
        ({"PHOTO_BUCKET_ACCESS": "private"}, "photo_links", RED, "without a signature"),
        ({"DB_POOL_SIZE": "80"}, "connections", RED, "more than there are"),
    ],
)
def test_a_setting_that_is_wrong(environment: Mapping[str, str], name: str, level: Level, words: str) -> None:
    found = finding(evidence(dict(environment)), name)

    assert found.level is level
    assert words in f"{found.found} {found.to_do}"


@pytest.mark.parametrize(
    ("seen", "name", "level", "words"),
    [
        ({"models": AWAY}, "openai_key", RED, "no answer in time"),
        ({"models": None}, "openai_key", RED, "stand-in"),
        ({"models": ModelList({}, 0)}, "chat_model", AMBER, "list is empty"),
        ({"models": ModelList({"other": None}, 0)}, "chat_model", RED, "not among the provider's models"),
        ({"models": ModelList({"gpt-6-luna": date(2026, 12, 1)}, 0)}, "chat_model", AMBER, "ends on 2026-12-01"),
        ({"app": AWAY}, "database", RED, "Not reached"),
        (changed("app", version=14), "database", RED, "too old"),
        (changed("app", version=19), "database", AMBER, "never tried"),
        (changed("app", is_encrypted=False), "database", AMBER, "sslmode=require"),
        ({"worker": AWAY}, "database_worker", RED, "Not reached"),
        ({"worker": None, "work": None}, "database_worker", AMBER, "not looked at"),
        (changed("worker", is_pooled=True, is_pooled_by_transaction=True), "database_worker", RED, "session mode"),
        (app_login(bypasses_policies=True), "login_app", RED, "nobypassrls"),
        (app_login(is_superuser=True), "login_app", RED, "superuser"),
        (app_login(inherits=True), "login_app", RED, "noinherit"),
        (app_login(makes_roles=True), "login_app", RED, "nocreaterole"),
        (app_login(owns=3), "login_app", RED, "owns 3 things"),
        (app_login(member_of=frozenset({"authenticated", "service_role"})), "login_app", RED, "revoke service_role"),
        (app_login(may_become=None), "login_app", RED, "grant authenticated"),
        (app_login(name="another"), "login_app", AMBER, "another name"),
        (changed("worker", search_path="public"), "login_worker", RED, "queue's schema"),
        (changed("app", applied=frozenset()), "migrations", RED, "staffroom migrate"),
        (changed("app", applied=frozenset({*well.VERSIONS, "9999"})), "migrations", AMBER, "9999"),
        (changed("app", tables_without_security=("students",)), "policies", RED, "off for students"),
        (changed("app", policies=frozenset()), "policies", RED, "Missing"),
        (changed("app", policies=well.APP.policies | {"public.staff: all"}), "policies", RED, "Not ours: public.staff"),
        (changed("app", open_policies=("staff: all",)), "policies", RED, "signed in or not"),
        (changed("app", open_to_anyone=("staff",)), "policies", RED, "anon may use staff"),
        (changed("app", careless_views=("all_students",)), "policies", RED, "all_students"),
        (changed("app", room=replace(well.ROOM, most=40)), "connections", RED, "more than there are"),
        ({"processes": Processes(web=2, workers=2)}, "connections", AMBER, "2 × web process 60, 2 × worker 50"),
        ({"processes": Processes(web=2, workers=3)}, "connections", RED, "2 × web process 26, 3 × worker 75"),
        (app_login(most_connections=2), "connections", RED, "staffroom_app may have 2"),
        (changed("app", ahead_s=45.0), "clock", RED, "45 seconds before that of the database"),
        (changed("oidc", ahead_s=-12.0), "clock", AMBER, "12 seconds behind that of the OpenID provider"),
        ({"bucket": AWAY}, "photo_store", RED, "Not reached"),
        (state(exists=False), "photo_store", RED, "no such bucket"),
        (changed("bucket", refusal="The photo store refuses this."), "photo_store", RED, "refuses this"),
        (state(file_size_limit=1024), "photo_bucket", RED, "1024 bytes"),
        (state(allowed_mime_types=("image/png",)), "photo_bucket", RED, "image/jpeg, image/webp"),
        (state(allowed_mime_types=None), "photo_bucket", AMBER, "any size or kind"),
        (changed("bucket", is_listed_to_anyone=True), "photo_listing", RED, "list every photo"),
        (changed("bucket", link_status=404), "photo_links", RED, "answers 404"),
        (changed("bucket", local=7, only_local=7), "photos_left_behind", AMBER, "staffroom photos migrate"),
        (changed("bucket", local=7), "photos_left_behind", GREEN, "in the bucket, too"),
        ({"auth": AWAY}, "sign_in_supabase", RED, "SUPABASE_URL"),
        (changed("auth", status=401), "sign_in_supabase", RED, "SUPABASE_PUBLISHABLE_KEY"),
        (changed("auth", status=503), "sign_in_supabase", RED, "status 503"),
        (changed("auth", keys=Keys(0, 0)), "sign_in_supabase", RED, "asymmetric"),
        (changed("auth", takes_passwords=False), "sign_in_supabase", RED, "switched off"),
        (changed("auth", lets_sign_up=True), "sign_in_supabase", AMBER, "make an account"),
        (changed("auth", confirms_by_itself=True), "sign_in_supabase", AMBER, "without confirmation"),
        (changed("auth", lets_sign_up=True, confirms_by_itself=True), "sign_in_supabase", RED, "colleague's e-mail"),
        ({"oidc": AWAY}, "sign_in_oidc", RED, "OIDC_ISSUER"),
        (changed("oidc", status=404), "sign_in_oidc", RED, "status 404"),
        (changed("oidc", issuer="https://other.example"), "sign_in_oidc", RED, "another issuer"),
        (changed("oidc", missing=("jwks_uri",)), "sign_in_oidc", RED, "lacks a secure jwks_uri"),
        (changed("oidc", keys=Keys(0, 2)), "sign_in_oidc", RED, "0 of 2 signing keys"),
        (changed("oidc", refuses_us=True), "sign_in_oidc", RED, "OIDC_CLIENT_SECRET"),
        (changed("work", living_lanes=0, due=3, oldest_due_s=600.0), "worker", RED, "3 jobs wait"),
        (changed("work", living_lanes=0), "worker", AMBER, "nothing waits"),
        (changed("work", due=3, oldest_due_s=3600.0), "worker", AMBER, "60 minutes"),
        ({"work": AWAY}, "worker", RED, "can't be read"),
        ({"work": None}, "worker", GREEN, "6 connections of its login"),
        (changed("work", at_limit={"chat": 2}, waiting={"slot": 4}), "limits", GREEN, "2 at the limit of questions"),
        (changed("work", waiting={"storage": 4}), "limits", AMBER, "4 portraits wait for the photo store"),
        (changed("work", paused_batches={"budget_used_up": 1}), "limits", AMBER, "1 class photos paused"),
        (changed("work", paused_for_s=30.0), "limits", AMBER, "pause of 30 seconds"),
        (changed("work", failed={"insufficient_quota": 4}), "failures", AMBER, "Add credit"),
        (changed("work", failed={"no_answer": 1}), "failures", AMBER, "Usage"),
        (folder(is_writable=False), "disk", RED, "can't be written"),
        (folder(free_bytes=1_000_000), "disk", RED, "too little"),
        (folder(free_bytes=500_000_000), "disk", AMBER, "That is little"),
        (folder(is_temporary=True), "disk", RED, "STAFFROOM_DATA_DIR"),
        (folder(is_open_to_others=True), "disk", AMBER, "chmod 700"),
        ({"machine": AWAY}, "disk", AMBER, "Could not be looked at"),
        (changed("machine", replies=2, oldest_reply_s=1200.0), "replies", AMBER, "staffroom sweep"),
        (changed("machine", env_file_mode=0o644), "env_file", AMBER, "chmod 600"),
        (changed("machine", python=(3, 10, 2)), "python", RED, "too old"),
        (changed("packages", differing=(Pin("pandas", "3.1", None),)), "packages", AMBER, "pandas missing (not 3.1)"),
        ({"packages": AWAY}, "packages", AMBER, "Could not be looked at"),
        ({"site": AWAY}, "site", AMBER, "Not reached from here"),
        (changed("site", health=502, is_staffroom=False), "site", RED, "nobody behind it"),
        (changed("site", health=200, is_staffroom=False), "site", RED, "not as Staffroom does"),
        (changed("site", health=301, leads_elsewhere=True), "site", AMBER, "leads to another address"),
        (changed("site", sign_in=400), "site", RED, "Host header"),
        (changed("site", ready=503, faults=("storage",)), "site", RED, "storage"),
        (changed("site", stream=404), "stream", RED, "WebSockets"),
        (changed("site", stream=403), "stream", RED, "foreign site"),
        (changed("site", stream_answers=False), "stream", RED, "buffering"),
    ],
)
def test_something_that_was_seen(seen: dict[str, Any], name: str, level: Level, words: str) -> None:
    found = finding(evidence(**seen), name)

    assert found.level is level
    assert words in f"{found.found} {found.to_do}"


def test_photos_in_a_folder_that_nobody_may_write() -> None:
    without_bucket = {"SUPABASE_URL": ""}

    well_kept = finding(evidence(without_bucket, bucket=None), "photo_store")
    closed = finding(
        evidence(without_bucket, bucket=None, **changed("machine", photos_folder_is_writable=False)), "photo_store"
    )

    assert (well_kept.level, closed.level) == (GREEN, RED)


def test_a_compatible_server_without_a_list_may_still_be_right() -> None:
    no_list = Away("it has no list of models (404)", "See OPENAI_BASE_URL.", NoModelList.code)

    compatible = finding(evidence({"OPENAI_BASE_URL": "https://llm.example/v1"}, models=no_list), "openai_key")
    openai = finding(evidence(models=no_list), "openai_key")

    assert (compatible.level, openai.level) == (AMBER, RED)


def test_a_model_that_nobody_could_look_for_is_not_said_to_be_there() -> None:
    assert "there" in finding(evidence(), "chat_model").found
    assert "there" not in finding(evidence(models=AWAY), "chat_model").found


@pytest.mark.parametrize(("choices", "said"), [((), "No school chose its own."), ((SchoolChoices(),), "their own: 1.")])
def test_it_is_said_how_many_schools_chose_models_of_their_own(choices: tuple[SchoolChoices, ...], said: str) -> None:
    assert said in finding(evidence(**changed("work", choices=choices)), "school_models").found


def test_a_model_that_a_school_chose_is_looked_at_with_the_school_s_own_price() -> None:
    price = TokenPrice(Decimal(1), Decimal(1), Decimal(2), "by hand")
    chosen = ChatModel("llama", ReasoningEffort.OMIT)
    priced = SchoolChoices(chat=chosen, prices=HandPrices({"llama": price}))
    listed = ModelList({**evidence().models.ends, "llama": None}, 0)  # type: ignore[union-attr]  # a list, above

    def judged(choices: SchoolChoices, models: ModelList) -> tuple[Level, str]:
        found = finding(evidence(models=models, **changed("work", choices=(choices,))), "school_models")
        return found.level, found.found

    assert judged(priced, listed)[0] is GREEN
    assert "no known price" in judged(SchoolChoices(chat=chosen), listed)[1]
    assert judged(priced, ModelList({"gpt-6-luna": None}, 0))[0] is RED


def test_an_embedded_database_is_migrated_by_the_next_start() -> None:
    demo = {"STAFFROOM_MODE": "demo", "DATABASE_URL": "", "WORKER_DATABASE_URL": "", "OPENAI_API_KEY": ""}

    found = finding(evidence(demo, **changed("app", applied=frozenset())), "migrations")

    assert (found.level, found.to_do) == (AMBER, "The next start of the app applies them.")


def test_what_follows_from_missing_migrations_is_not_told_besides() -> None:
    unmigrated = {what: replace(getattr(well, what.upper()), applied=frozenset()) for what in ("app", "worker")}

    reds = [one.name for one in judge(evidence(work=AWAY, **unmigrated)).findings if one.level is RED]

    assert reds == ["migrations"]


def test_storage_s_own_policies_are_wanted_only_where_storage_is() -> None:
    without = frozenset(name for name in well.APP.policies if name.startswith("public."))

    missing = finding(evidence(**changed("app", policies=without)), "policies")
    not_there = finding(evidence(**changed("app", policies=without, has_storage=False)), "policies")

    assert (missing.level, not_there.level) == (RED, GREEN)


def test_a_proxy_of_ipv6_is_no_fault_of_one_on_this_machine() -> None:
    assert finding(evidence({"HOST": "::1", "TRUSTED_PROXIES": "::1"}), "trusted_proxies").level is GREEN
