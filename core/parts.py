"""The parts of which bootstrap puts the app together, each made from the settings."""

import os
import socket
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from decimal import Decimal
from urllib.parse import urlsplit

from sqlalchemy import Engine

from core.assistant.drafting import ChatChoice
from core.assistant.live import LiveAnswers
from core.assistant.sending import Terms
from core.clients.image_fetch import ImageFetch
from core.clients.openai_chat import OpenAIChat
from core.clients.openai_client import OPENAI_BASE_URL, build_openai, key_hash
from core.clients.openai_images import OpenAIImages
from core.clients.supabase_storage import build_bucket
from core.db.connections import worker_pool_size
from core.db.engine import Database, build_engine
from core.db.reaching import Addresses
from core.demo.openai_stand_in import make_app
from core.photos.finishing import Finisher
from core.photos.links import PhotoLinks
from core.photos.maker import PortraitMaker
from core.photos.spool import Spool
from core.photos.storage import LocalPhotoStorage, PhotoStorage
from core.photos.supabase_storage import LINK_LIVES_S, SupabasePhotoStorage
from core.settings import BucketAccess, Mode, Settings
from core.usage.model_choice import ChatModel, ImageChoice, UsualModels
from core.usage.prices import successor
from core.web_values import is_on_this_machine


def worker_engine(settings: Settings, addresses: Addresses, revive: Callable[[], None] | None) -> Engine | None:
    if addresses.worker is None:
        return None
    return build_engine(addresses.worker, pool_size=worker_pool_size(settings), revive=revive)


def photo_storage(settings: Settings, endings: ExitStack) -> PhotoStorage:
    """The bucket where the settings name a project and its secret key, else a folder of this machine."""
    if not settings.keeps_photos_in_supabase:
        return local_photos(settings)
    url, secret_key = settings.supabase_url or "", settings.supabase_secret_key or ""
    bucket = endings.enter_context(build_bucket(url=url, secret_key=secret_key, name=settings.photo_bucket))
    return SupabasePhotoStorage(bucket=bucket, access=settings.photo_bucket_access)


def local_photos(settings: Settings) -> LocalPhotoStorage:
    return LocalPhotoStorage(settings.data_dir / "photos")


def photo_links(settings: Settings, storage: PhotoStorage) -> PhotoLinks:
    is_signed = settings.keeps_photos_in_supabase and settings.photo_bucket_access is BucketAccess.PRIVATE
    return PhotoLinks(storage, signed_for_s=LINK_LIVES_S if is_signed else None)


def spend_limit_usd(settings: Settings) -> Decimal | None:
    if settings.mode is not Mode.DEMO or settings.uses_stand_in or settings.demo_spend_limit_usd is None:
        return None
    return Decimal(str(settings.demo_spend_limit_usd))


def usual_models(settings: Settings) -> UsualModels:
    return UsualModels(ChatModel(settings.chat_model, settings.chat_reasoning_effort), image_choice(settings))


def image_choice(settings: Settings) -> ImageChoice:
    return ImageChoice(model=settings.image_model, size=settings.image_size, quality=settings.image_quality)


def image_fetch(settings: Settings) -> ImageFetch:
    return ImageFetch(settings.image_url_hosts, allow_loopback_http=is_on_this_machine(settings.openai_base_url or ""))


def live_answers(settings: Settings, database: Database, endings: ExitStack) -> LiveAnswers:
    """With one client for all answers of this process; what is being written ends before it does."""
    stand_in = make_app() if settings.uses_stand_in else None
    client = build_openai(**account(settings), stand_in=stand_in)
    endings.callback(client.close)
    if stand_in is not None:
        endings.callback(stand_in.close)
    live = LiveAnswers(database=database, chat=OpenAIChat(client, successor=successor))
    endings.callback(live.close)
    return live


def terms(settings: Settings) -> Terms:
    choice = ChatChoice(
        model=settings.chat_model,
        max_tokens=settings.chat_max_tokens,
        reasoning_effort=settings.chat_reasoning_effort.to_send,
        with_usage=settings.chat_stream_usage,
        with_safety_id=settings.chat_send_safety_id,
    )
    host = urlsplit(settings.openai_base_url or OPENAI_BASE_URL).hostname or ""
    return Terms(
        choice=choice,
        sent_to="the demo's stand-in" if settings.uses_stand_in else host,
        by_stand_in=settings.uses_stand_in,
        spend_limit_usd=spend_limit_usd(settings),
    )


def account(settings: Settings) -> dict[str, str | None]:
    return {
        "api_key": settings.openai_api_key,
        "base_url": settings.openai_base_url,
        "organization": settings.openai_org_id,
    }


def portrait_maker(settings: Settings, database: Database, storage: PhotoStorage, spool: Spool) -> PortraitMaker:
    """What a worker runs for each portrait, under a name of its own."""
    client = build_openai(**account(settings), stand_in=make_app() if settings.uses_stand_in else None)
    return PortraitMaker(
        database=database,
        images=OpenAIImages(client, successor=successor),
        spool=spool,
        finisher=Finisher(database=database, storage=storage, fetch=image_fetch(settings)),
        choice=image_choice(settings),
        data_dir=settings.data_dir,
        key_hash=key_hash(settings.openai_api_key),
        by_stand_in=settings.uses_stand_in,
        spend_limit_usd=spend_limit_usd(settings),
        worker_id=f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}",
    )
