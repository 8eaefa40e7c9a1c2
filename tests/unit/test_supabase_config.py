"""What the Supabase CLI reads beside the migrations."""

import json
import tomllib

from core.clients.supabase_storage import FILE_SIZE_LIMIT, MIME_TYPES
from core.db.migrations import FOLDER
from core.settings import CHECKOUT, BucketAccess, Settings

CONFIG = CHECKOUT / "sql" / "supabase" / "config.toml"


def test_it_stands_where_the_migrations_are() -> None:
    assert CONFIG.parent == FOLDER.parent
    assert tomllib.loads(CONFIG.read_text(encoding="utf-8"))["db"]["migrations"]["enabled"]


def test_the_bucket_takes_portraits_and_nothing_else() -> None:
    buckets = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["storage"]["buckets"]

    assert buckets == {
        "student-photos": {
            "public": True,
            "file_size_limit": "10MiB",
            "allowed_mime_types": ["image/jpeg", "image/png", "image/webp"],
        }
    }


def test_our_command_makes_the_same_bucket() -> None:
    declared = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["storage"]["buckets"]["student-photos"]

    assert declared["file_size_limit"] == f"{FILE_SIZE_LIMIT // 1024**2}MiB"
    assert declared["allowed_mime_types"] == list(MIME_TYPES)
    assert declared["public"] is (Settings.photo_bucket_access is BucketAccess.PUBLIC)
    assert Settings.photo_bucket == "student-photos"


def test_the_cli_is_pinned_for_every_platform_and_for_no_registry() -> None:
    packages = json.loads((CONFIG.parents[1] / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    cli = packages["node_modules/supabase"]

    assert packages[""]["devDependencies"] == {"supabase": cli["version"]}
    for name, version in cli["optionalDependencies"].items():
        assert packages[f"node_modules/{name}"]["version"] == version == cli["version"]
    assert not any("resolved" in package for package in packages.values())
