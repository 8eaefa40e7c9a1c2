"""`staffroom photos bucket`: the bucket that photos are kept in, with its limits and its access."""

import typer

from core.clients.supabase_storage import FILE_SIZE_LIMIT, build_bucket
from core.commands.options import command_settings
from core.errors import SettingsError
from core.settings import BucketAccess, Settings


def photos_bucket() -> None:
    """Make the bucket in the Supabase project, or correct its limits and access; no file in it is touched."""
    settings = command_settings()
    if not settings.keeps_photos_in_supabase:
        raise SettingsError("SUPABASE_URL", "set, with SUPABASE_SECRET_KEY, to the project that photos are to go to")
    typer.echo(_set_up(settings))


def _set_up(settings: Settings) -> str:
    url, secret_key = settings.supabase_url or "", settings.supabase_secret_key or ""
    with build_bucket(url=url, secret_key=secret_key, name=settings.photo_bucket) as bucket:
        is_new = bucket.set_up(is_public=settings.photo_bucket_access is BucketAccess.PUBLIC)
    return (
        f"The bucket {settings.photo_bucket} is {'made' if is_new else 'as it should be'}: "
        f"{settings.photo_bucket_access}, images of up to {FILE_SIZE_LIMIT // 1024**2} MB."
    )
