"""What the Supabase CLI reads beside the migrations."""

import tomllib

from core.db.migrations import FOLDER
from core.settings import CHECKOUT

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
