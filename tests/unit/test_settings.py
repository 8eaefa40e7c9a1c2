from pathlib import Path

import pytest

from core.bootstrap import build_app
from core.errors import SettingsError
from core.settings import ReasoningEffort, load_settings, require_sign_in

SECRET = "Ss:123x"
DATABASE_URLS = ["DATABASE_URL", "WORKER_DATABASE_URL", "MIGRATION_DATABASE_URL"]


@pytest.mark.parametrize("name", DATABASE_URLS)
@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://postgres:My#P@{SECRET}@db.host:5432/postgres",
        "postgresql://postgres:a@Ss@db.host/postgres",
        "postgresql://postgres:Ss@db.host:99999/postgres",
        "postgresql://postgres:Ss@/postgres?port=Ss",
        "mysql://postgres:Ss@db.host/postgres",
    ],
)
def test_an_address_that_can_not_be_read_is_refused_without_repeating_it(name: str, address: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} must be postgresql://") as refused:
        load_settings({name: address})

    assert "Ss" not in str(refused.value)
    assert refused.value.__suppress_context__


@pytest.mark.parametrize("name", DATABASE_URLS)
@pytest.mark.parametrize(
    "address",
    [
        "postgresql://postgres:My%23P%40ss%3A123x@db.host:5432/postgres",
        "postgres://postgres:word@[::1]/postgres?sslmode=require",
        "postgresql+psycopg2://staffroom_app@/staffroom?host=/tmp/socket",
    ],
)
def test_an_address_that_can_be_read_is_kept_as_written(name: str, address: str) -> None:
    settings = load_settings({name: address})

    assert getattr(settings, name.lower()) == address


@pytest.mark.parametrize("name", ["WORKER_DATABASE_URL", "MIGRATION_DATABASE_URL"])
@pytest.mark.parametrize("address", ["postgresql://u:p@pooler.host:6543/d", "postgresql://u:p@/d?port=6543"])
def test_a_transaction_pooler_is_refused_where_a_session_is_needed(name: str, address: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} must be an address with port 5432"):
        load_settings({name: address})


def test_the_web_process_may_use_a_transaction_pooler() -> None:
    assert load_settings({"DATABASE_URL": "postgresql://u:p@pooler.host:6543/d"}).database_url


def test_production_never_starts_a_database_of_its_own() -> None:
    with pytest.raises(SettingsError, match=r"^DATABASE_URL must be set"):
        load_settings({"STAFFROOM_MODE": "production"})


@pytest.mark.parametrize("key", ["sk-one two", "sk-\u00e9", "sk-one\ntwo"])
def test_a_key_that_no_header_can_carry_stops_the_start(key: str) -> None:
    with pytest.raises(SettingsError, match=r"^OPENAI_API_KEY must be the key exactly") as refused:
        load_settings({"OPENAI_API_KEY": key})

    assert key not in str(refused.value)


def test_a_data_folder_that_can_not_be_made_has_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(SettingsError, match=r"^STAFFROOM_DATA_DIR must be a folder"):
            build_app(load_settings({"STAFFROOM_DATA_DIR": str(folder)}))


def test_a_data_folder_of_nobody_has_a_sentence() -> None:
    with pytest.raises(SettingsError, match=r"^STAFFROOM_DATA_DIR must be"):
        load_settings({"STAFFROOM_DATA_DIR": "~nobody-has-this-name/data"})


def test_answers_have_defaults_that_cost_little() -> None:
    settings = load_settings({})

    assert settings.chat_model == "gpt-6-luna"
    assert settings.chat_reasoning_effort.to_send == "none"
    assert settings.chat_max_tokens == 2000
    assert settings.chat_stream_usage
    assert settings.chat_send_safety_id


def test_what_a_compatible_server_refuses_can_be_left_out() -> None:
    settings = load_settings(
        {"CHAT_REASONING_EFFORT": "omit", "CHAT_STREAM_USAGE": "false", "CHAT_SEND_SAFETY_ID": "no"}
    )

    assert settings.chat_reasoning_effort is ReasoningEffort.OMIT
    assert settings.chat_reasoning_effort.to_send is None
    assert not settings.chat_stream_usage
    assert not settings.chat_send_safety_id


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("CHAT_REASONING_EFFORT", "heroic", "one of omit, none, minimal, low, medium, high, xhigh, max"),
        ("CHAT_MAX_TOKENS", "0", "a whole number from 100 to 100000"),
        ("CHAT_STREAM_USAGE", "perhaps", "true or false"),
        ("CHAT_SEND_SAFETY_ID", "perhaps", "true or false"),
    ],
)
def test_a_wrong_value_for_answers_names_the_variable(name: str, value: str, allowed: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} must be {allowed}"):
        load_settings({name: value})


PRODUCTION = {
    "STAFFROOM_MODE": "production",
    "DATABASE_URL": "postgresql://staffroom_app@db.example/school",
    "STAFFROOM_SECRET_KEY": "k" * 32,
    "OIDC_ISSUER": "https://accounts.example",
    "OIDC_CLIENT_ID": "staffroom",
}
PASSWORDS = {"SUPABASE_URL": "https://school.supabase.co", "SUPABASE_PUBLISHABLE_KEY": "sb_publishable_x"}


def without(*names: str) -> dict[str, str]:
    return {name: value for name, value in PRODUCTION.items() if name not in names}


@pytest.mark.parametrize("given", [PRODUCTION, without("OIDC_ISSUER", "OIDC_CLIENT_ID") | PASSWORDS])
def test_production_starts_with_a_key_and_one_way_to_sign_in(given: dict[str, str]) -> None:
    settings = load_settings(given)

    require_sign_in(settings)

    assert settings.signs_in_by_oidc is ("OIDC_ISSUER" in given)
    assert settings.signs_in_by_password is ("SUPABASE_URL" in given)


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        (without("STAFFROOM_SECRET_KEY"), "STAFFROOM_SECRET_KEY"),
        (without("OIDC_CLIENT_ID"), "OIDC_CLIENT_ID"),
        (without("OIDC_ISSUER", "OIDC_CLIENT_ID"), "SUPABASE_URL or OIDC_ISSUER"),
        (without("OIDC_ISSUER") | {"SUPABASE_URL": PASSWORDS["SUPABASE_URL"]}, "SUPABASE_PUBLISHABLE_KEY"),
    ],
)
def test_production_says_which_setting_of_sign_in_is_missing(given: dict[str, str], missing: str) -> None:
    with pytest.raises(SettingsError, match=f"^{missing} must be set"):
        require_sign_in(load_settings(given))


def test_a_demo_needs_nothing_to_sign_in_with() -> None:
    require_sign_in(load_settings({}))


@pytest.mark.parametrize("keys", ["k" * 31, f"{'k' * 32},", f"{'k' * 32},short"])
def test_a_short_secret_key_stops_the_start_without_being_repeated(keys: str) -> None:
    with pytest.raises(SettingsError, match=r"^STAFFROOM_SECRET_KEY must be one key") as refused:
        load_settings({"STAFFROOM_SECRET_KEY": keys})

    assert "kkkk" not in str(refused.value)


def test_several_secret_keys_are_kept_in_their_order_and_never_printed() -> None:
    settings = load_settings({"STAFFROOM_SECRET_KEY": f"{'n' * 32}, {'o' * 32}"})

    assert settings.secret_keys == ("n" * 32, "o" * 32)
    assert "nnnn" not in repr(settings)


@pytest.mark.parametrize("name", ["SUPABASE_URL", "OIDC_ISSUER"])
@pytest.mark.parametrize(
    "address", ["http://school.example", "https://", "https://me:Ss@host", "ftp://host", "https://[x"]
)
def test_passwords_and_tokens_travel_by_https_alone(name: str, address: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} must be an address that starts with https://"):
        load_settings({name: address})


def test_a_provider_on_this_machine_may_be_tried_without_https() -> None:
    assert load_settings({"OIDC_ISSUER": "http://127.0.0.1:9000/x"}).oidc_issuer == "http://127.0.0.1:9000/x"


def test_a_server_that_listens_everywhere_must_say_what_people_open() -> None:
    with pytest.raises(SettingsError, match=r"^PUBLIC_URL must be the address"):
        load_settings(PRODUCTION | {"HOST": "0.0.0.0"})  # noqa: S104 -- read, never listened on

    assert load_settings(PRODUCTION | {"HOST": "::1"}).public_url == "http://[::1]:8501"
    assert load_settings({"PUBLIC_URL": "https://school.example/"}).public_url == "https://school.example"


@pytest.mark.parametrize(
    "address",
    [
        "school.example",
        "https://school.example/app",
        "https://school.example?x=1",
        # It stands in mails and in what the doctor says.
        "https://me:word@school.example",
    ],
)
def test_the_public_address_is_a_whole_site_and_no_login(address: str) -> None:
    with pytest.raises(SettingsError, match=r"^PUBLIC_URL"):
        load_settings({"PUBLIC_URL": address})


@pytest.mark.parametrize(
    ("name", "value"), [("ALLOWED_HOSTS", "a.example:80"), ("ALLOWED_HOSTS", "a,,b"), ("TRUSTED_PROXIES", "10.0.0.300")]
)
def test_hosts_and_proxies_that_can_not_be_meant_stop_the_start(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} must be"):
        load_settings({name: value})
