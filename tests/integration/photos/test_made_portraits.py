"""A portrait from the click to the picture, and which one is shown."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from PIL import Image
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from core.demo.provider.image_answers import draw_order
from core.errors import PhotoGone, PortraitCame, PortraitNotAllowed
from core.photos.board import Standing
from core.photos.storage import LocalPhotoStorage
from tests.integration.photos.studio import CHOICE, Studio, wait_until


def test_a_click_becomes_a_picture_on_the_roster(studio: Studio) -> None:
    job_id = studio.ask()

    assert studio.maker.make(job_id) is None

    card = studio.photos.cards(studio.cast.mei, studio.cast.integrity)[0]
    assert (card.standing, card.photo_id, card.is_active) == (Standing.PHOTO, job_id, False)
    address = studio.one("select profile_photo from students where id = :id", id=studio.cast.ana).profile_photo
    assert address == f"/app/static/photos/{job_id}"


def test_it_stands_in_the_ledger_once_with_what_the_provider_counted(studio: Studio) -> None:
    job_id = studio.make()

    (row,) = studio.attempts(job_id)
    assert (row.state, row.cost_source, row.type, row.model) == ("settled", "reported", "image", CHOICE.model)
    assert (row.user_id, row.class_id, row.error) == (studio.cast.mei.staff_id, studio.cast.integrity, None)
    assert row.total_tokens == row.prompt_tokens + row.completion_tokens
    assert row.completion_tokens == 439
    assert row.estimated_cost == studio.job(job_id).cost_usd > 0
    assert row.duration_ms is not None
    assert studio.stand_in.ledger.requests == studio.count("openai_usage") == 1


def test_what_is_held_while_nobody_knows_is_no_less_than_what_it_costs(studio: Studio) -> None:
    (row,) = studio.attempts(studio.make())

    assert row.estimated_cost <= row.held_cost < row.estimated_cost * 2


def test_a_late_click_for_a_first_portrait_joins_the_one_under_way_and_pays_for_no_second(studio: Studio) -> None:
    def click() -> UUID:
        return studio.photos.request(studio.cast.mei, studio.cast.ana, is_first=True)

    job_id = click()
    assert click() == job_id

    assert studio.maker.make(job_id) is None
    with pytest.raises(PortraitCame):
        click()

    assert studio.count("photo_jobs") == 1
    # Whoever saw the portrait may ask for another.
    assert studio.ask() != job_id


def test_it_takes_one_slot_of_the_teacher(studio: Studio) -> None:
    studio.make()

    (slot,) = studio.rows("select * from rate_limits")
    assert (slot.user_id, slot.type) == (studio.cast.mei.staff_id, "image")


@pytest.mark.parametrize("draw", [draw_order])
def test_the_picture_and_its_thumbnail_are_in_the_store_and_the_reply_is_gone(studio: Studio) -> None:
    photo = studio.photo(studio.make())

    sizes = [Image.open(io.BytesIO(studio.storage.get(key))).size for key in (photo.storage_key, photo.thumb_key)]
    assert sizes[0] == (photo.width, photo.height) == (1024, 1024)
    assert max(sizes[1]) == 320
    assert studio.count("photo_replies") == 0
    assert studio.spool.waiting() == []


def test_what_was_asked_is_kept_and_names_nobody(studio: Studio) -> None:
    job_id = studio.make()

    asked = studio.job(job_id).options["asked"]
    assert (asked["model"], asked["size"], asked["quality"]) == (CHOICE.model, CHOICE.size, CHOICE.quality)
    assert asked["prompt"] == studio.photo(job_id).prompt
    assert "Ana" not in asked["prompt"]
    (bill,) = studio.stand_in.ledger.bills
    assert str(studio.cast.mei.staff_id) not in str(bill.safety_id)


@pytest.mark.parametrize("kind", ["demo", "real"])
@pytest.mark.parametrize(
    ("by_stand_in", "source"), [(True, "digitalsourcetype/algorithmicMedia"), (False, "trainedAlgorithmicMedia")]
)
def test_what_answered_is_what_the_picture_the_row_and_the_ledger_say(
    studio: Studio, kind: str, by_stand_in: bool, source: str
) -> None:
    studio.run("update schools set kind = :kind", kind=kind)
    job_id = studio.ask()

    replace(studio.maker, by_stand_in=by_stand_in).make(job_id)

    photo, (bill,) = studio.photo(job_id), studio.attempts(job_id)
    assert source in Image.open(io.BytesIO(studio.storage.get(photo.storage_key))).info["xmp"].decode()
    assert (photo.options["by_stand_in"], bill.request_data.get("by_stand_in", False)) == (by_stand_in, by_stand_in)
    shown = studio.photos.of_student(studio.cast.mei, studio.cast.ana).current
    assert shown is not None
    assert shown.by_stand_in is by_stand_in


def test_a_portrait_that_is_stored_by_another_worker_keeps_who_drew_it(studio: Studio) -> None:
    studio.run("alter table photos add constraint none_yet check (false) not valid")
    job_id = studio.ask()
    with pytest.raises(IntegrityError):
        replace(studio.maker, by_stand_in=True).make(job_id)
    studio.run("alter table photos drop constraint none_yet")

    studio.maker.make(job_id)

    assert studio.photo(job_id).options["by_stand_in"] is True


def test_a_second_portrait_makes_the_first_an_earlier_one(studio: Studio) -> None:
    first, second = studio.make(), studio.make()

    shown = studio.photos.of_student(studio.cast.mei, studio.cast.ana)
    assert shown.current is not None
    assert shown.current.id == second
    assert [version.id for version in shown.earlier] == [first]


def test_an_earlier_photo_can_be_put_back_and_all_can_be_taken_off(studio: Studio) -> None:
    first, second = studio.make(), studio.make()

    studio.photos.use(studio.cast.mei, first)
    assert profile_photo(studio) == f"/app/static/photos/{first}"

    studio.photos.remove(studio.cast.mei, studio.cast.ana)
    shown = studio.photos.of_student(studio.cast.mei, studio.cast.ana)
    assert profile_photo(studio) is None
    assert shown.current is None
    assert {version.id for version in shown.earlier} == {first, second}


@pytest.mark.parametrize("change", ["status = 'left'", "portraits_allowed = false"])
def test_once_no_portrait_may_be_made_the_photo_can_be_taken_off_but_not_put_back(studio: Studio, change: str) -> None:
    job_id = studio.make()
    studio.run(f"update students set {change} where id = :ana", ana=studio.cast.ana)

    studio.photos.remove(studio.cast.siti, studio.cast.ana)
    with pytest.raises(PortraitNotAllowed):
        studio.photos.use(studio.cast.siti, job_id)

    assert studio.photos.of_student(studio.cast.siti, studio.cast.ana).current is None


def test_whoever_holds_the_id_gets_the_bytes_and_a_wrong_id_gets_none(studio: Studio) -> None:
    job_id = studio.make()

    whole, small = (studio.photos.photo_bytes(job_id, thumbnail=thumbnail) for thumbnail in (False, True))
    assert len(whole) > len(small) > 0
    with pytest.raises(PhotoGone):
        studio.photos.photo_bytes(studio.cast.ana, thumbnail=False)


class PublicStore(LocalPhotoStorage):
    def public_url(self, key: str) -> str | None:
        return f"https://photos.example/{key}"


def test_a_page_whose_server_knows_no_addresses_gets_the_file_or_a_public_link_to_it(studio: Studio) -> None:
    job_id = studio.make()
    public = replace(studio.photos, storage=PublicStore(Path("unused")))

    assert studio.photos.picture(job_id, thumbnail=True) == studio.photos.photo_bytes(job_id, thumbnail=True)
    assert public.picture(job_id, thumbnail=True) == f"https://photos.example/{studio.photo(job_id).thumb_key}"


def test_another_teacher_sees_nothing_of_it(studio: Studio) -> None:
    job_id = studio.make()

    assert studio.photos.of_student(studio.cast.arjun, studio.cast.ana).versions == ()
    with pytest.raises(PhotoGone):
        studio.photos.use(studio.cast.arjun, job_id)


def test_a_photo_put_back_just_while_a_new_one_is_stored_hinders_neither(studio: Studio) -> None:
    first, _second = studio.make(), studio.make()
    job_id = studio.ask()

    with ThreadPoolExecutor(1) as worker:
        with studio.database.as_person(studio.cast.mei) as session:
            session.execute(text("select private.use_photo(:photo)"), {"photo": first})
            making = worker.submit(studio.maker.make, job_id)
            wait_until(lambda: studio.state(job_id) == "received" and someone_waits_for_a_lock(studio))
        assert making.result(20) is None

    assert studio.state(job_id) == "done"
    assert profile_photo(studio) == f"/app/static/photos/{job_id}"


def someone_waits_for_a_lock(studio: Studio) -> bool:
    return bool(studio.rows("select from pg_locks where not granted"))


def profile_photo(studio: Studio) -> str | None:
    address: str | None = studio.one(
        "select profile_photo from students where id = :id", id=studio.cast.ana
    ).profile_photo
    return address
