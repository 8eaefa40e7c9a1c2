import csv
from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection
from streamlit.testing.v1 import AppTest

from core.bootstrap import App
from core.photos.board import Standing
from core.photos.prompt import Style
from core.ui.class_photos import live
from core.ui.class_photos.results_csv import results_csv
from core.ui.photo_source import PhotoRoute
from core.ui.photo_states import LOOKS
from tests.cast import open_class
from tests.pages.class_photos_school import PAGE, Integrity, labels, metrics, press, words
from tests.pages.conftest import Demo, Open

REFUSED = "Refused by the safety filter. Nothing was paid."
NO_ANSWER = "OpenAI did not answer in time. It may have been charged; you decide what next."


@pytest.fixture
def integrity(app: App, owner: Connection, demo: Demo, monkeypatch: pytest.MonkeyPatch) -> Integrity:
    monkeypatch.setattr(PhotoRoute, "is_served", True)
    return Integrity(app, owner, demo)


def button(page: AppTest, start: str) -> str:
    return next(label for label in labels(page) if label.startswith(start))


def who(page: AppTest) -> list[str]:
    control = page.main.segmented_control(key="class_photos_who")
    return [option.removeprefix(":gray[").removesuffix("]") for option in control.options]


def links(page: AppTest) -> dict[str, str]:
    return {link.proto.label: f"{link.proto.page}?{link.proto.query_string}" for link in page.main.get("page_link")}


def test_everyone_without_a_photo_is_meant_at_first(integrity: Integrity, open_page: Open) -> None:
    bala, _ = integrity.enrol("Bala s/o Kumar", "Chew Kai Xuan")
    integrity.give_a_photo(bala)

    page = open_page(PAGE)

    assert who(page) == ["Without a photo 2", "Whole class 3", "Choose students"]
    assert button(page, "Generate") == "Generate photos for 2 students"
    assert "2 students will get a photo" in words(page)
    assert [name for name in words(page) if name in {"Ana Lim", "Chew Kai Xuan", "Bala s/o Kumar"}] == [
        "Ana Lim",
        "Chew Kai Xuan",
    ]


def test_the_price_and_the_number_follow_the_choice(integrity: Integrity, open_page: Open) -> None:
    integrity.enrol(*(f"Student {number}" for number in range(10)))
    page = open_page(PAGE)
    assert metrics(page)["Cost"] == r"\$0.14 to \$0.15"

    page.main.segmented_control(key="class_photos_who").set_value("chosen").run()
    assert button(page, "Generate") == "Generate photos for 0 students"
    assert metrics(page)["Cost"] == "–"
    assert "Choose at least one student." in words(page)

    page.main.checkbox[0].check().run()
    assert button(page, "Generate") == "Generate photos for 1 student"
    press(page, "All")
    assert button(page, "Generate") == "Generate photos for 11 students"
    press(page, "None")
    assert button(page, "Generate") == "Generate photos for 0 students"


def test_who_is_left_out_stands_there_with_the_reason(integrity: Integrity, open_page: Open, demo: Demo) -> None:
    bala, chew, _ = integrity.enrol("Bala s/o Kumar", "Chew Kai Xuan", "Devi d/o Krishnan")
    integrity.run("update students set portraits_allowed = false where id = :id", id=bala)
    integrity.start([chew])
    integrity.bring(chew, "unconfirmed", source="possible")
    integrity.app.photos.request(demo.mei, demo.ana, style="photo")  # type: ignore[arg-type] # as the column holds it

    page = open_page(PAGE)

    said = words(page)
    assert "3 students are left out" in said
    assert "The school recorded that no portrait may be made." in said
    assert "A portrait is under way already." in said
    assert "May have been charged. Decide about it on the roster first." in said
    assert f"**Chew Kai Xuan** {LOOKS[Standing.UNCONFIRMED].badge}" in said
    assert f"student={chew}" in links(page)["Decide"]
    assert button(page, "Generate") == "Generate photos for 1 student"


def test_who_may_have_none_can_not_be_chosen(integrity: Integrity, open_page: Open) -> None:
    (bala,) = integrity.enrol("Bala s/o Kumar")
    integrity.run("update students set portraits_allowed = false where id = :id", id=bala)

    page = open_page(PAGE, who="chosen")

    assert [box.label for box in page.main.checkbox] == ["Ana Lim"]


def test_with_nobody_left_the_button_is_dead_and_says_why(integrity: Integrity, open_page: Open, demo: Demo) -> None:
    integrity.give_a_photo(demo.ana)

    page = open_page(PAGE)

    assert next(one for one in page.main.button if one.label.startswith("Generate")).disabled
    assert "Everyone in P5 Integrity has a photo." in words(page)


class TestWithoutAPrice:
    @pytest.fixture
    def environment(self) -> dict[str, str]:
        return {"IMAGE_MODEL": "our-own-model"}

    def test_it_says_so_before_the_click(self, open_page: Open) -> None:
        page = open_page(PAGE)

        assert metrics(page)["Cost"] == "Not priced"
        assert "No price is known for our-own-model; it may cost any amount." in [one.value for one in page.warning]


def test_a_full_hour_is_said_before_the_click(integrity: Integrity, open_page: Open) -> None:
    integrity.enrol("Bala s/o Kumar")
    integrity.run("update limits set at_most = 1 where type = 'batch_image'")

    page = open_page(PAGE)

    (warning,) = page.main.warning
    assert warning.value.startswith("The last one starts at ")
    assert warning.value.endswith(", because 1 an hour may be made.")


def test_the_click_starts_the_batch_and_goes_to_it(integrity: Integrity, open_page: Open, demo: Demo) -> None:
    integrity.enrol("Bala s/o Kumar")
    page = open_page(PAGE)
    page.main.segmented_control(key="class_photos_style").set_value("illustrated").run()

    press(page, "Generate photos for 2 students")

    batch = integrity.app.class_photos.active_of(demo.mei, demo.integrity)
    assert page.query_params["batch"] in (str(batch), [str(batch)])
    assert any(said.endswith("by Mei Tan · gpt-image-2.5-flare, medium, illustrated") for said in words(page))
    assert {"Pause", "Cancel batch"} <= set(labels(page))


def test_a_batch_at_work_is_found_without_its_address(integrity: Integrity, open_page: Open, demo: Demo) -> None:
    batch = integrity.start([demo.ana])

    page = open_page(PAGE)

    assert page.query_params["batch"] in (str(batch), [str(batch)])
    assert "Pause" in labels(page)


def test_nobody_left_meanwhile_is_said_in_place(integrity: Integrity, open_page: Open, demo: Demo) -> None:
    page = open_page(PAGE)
    integrity.give_a_photo(demo.ana)

    press(page, "Generate photos for 1 student")

    (warning,) = page.main.warning
    assert warning.value == (
        r"Nobody is left to start\: each has a photo, one under way, one that waits for a decision, or none allowed."
        " Look at the class again."
    )


def started(integrity: Integrity, names: int) -> tuple[UUID, list[UUID]]:
    students = integrity.enrol(*(f"Student {number}" for number in range(names)))
    return integrity.start(students), students


def test_each_state_has_its_own_words(integrity: Integrity, open_page: Open) -> None:
    batch, (done, failed, unconfirmed, making, waiting) = started(integrity, 5)
    photo = integrity.bring(done, "done")
    integrity.bring(failed, "failed", cost="0", message=REFUSED)
    integrity.bring(unconfirmed, "unconfirmed", source="possible", message=NO_ANSWER)
    integrity.bring(making, "making")
    integrity.run("update photo_jobs set not_before = null where id = :id", id=integrity.newest_job(waiting))

    page = open_page(PAGE, batch=str(batch))

    (bar,) = page.main.get("progress")
    assert bar.proto.text == ("**3 of 5 finished** · 1 done, 1 not made, 1 unconfirmed · 1 being made · 1 waiting")
    said = words(page)
    assert r"\$0.013 · 7 s" in said
    assert "nothing paid" in said
    assert "may have been charged" in said
    assert "no cost yet" in said
    assert any("Not made" in one and "Refused by the safety filter]" in one for one in said)
    assert any("Unconfirmed" in one and "OpenAI did not answer in time]" in one for one in said)
    assert any("Waiting" in one and "next in line" in one for one in said)
    assert LOOKS[Standing.MAKING].badge in said
    (image,) = page.main.image
    assert image.proto.imgs[0].alt == "AI-generated portrait of Student 0"
    assert photo is not None
    assert metrics(page) == {
        "Cost so far": r"\$0.026",
        "Held": r"\$0.014",
        "Ready at about": metrics(page)["Ready at about"],
        "Left": "2",
    }


def test_what_has_no_price_makes_the_cost_a_least_one(integrity: Integrity, open_page: Open) -> None:
    batch, (first, second, _) = started(integrity, 3)
    integrity.bring(first, "done")
    integrity.bring(second, "done", cost=None, source="unpriced")

    page = open_page(PAGE, batch=str(batch))

    assert metrics(page)["Cost so far, at least"] == r"\$0.013"
    assert "not priced · 7 s" in words(page)


def test_with_no_price_at_all_no_amount_is_shown(integrity: Integrity, open_page: Open) -> None:
    batch, (only,) = started(integrity, 1)
    integrity.bring(only, "done", cost=None, source="unpriced")

    page = open_page(PAGE, batch=str(batch))

    assert metrics(page)["Cost"] == "Not priced"


def test_a_later_group_says_when_it_starts(integrity: Integrity, open_page: Open) -> None:
    batch, students = started(integrity, 3)
    for student in students[1:]:
        integrity.run(
            "update photo_jobs set not_before = date_trunc('day', now()) + interval '3 days 3 hours' where id = :id",
            id=integrity.newest_job(student),
        )

    page = open_page(PAGE, batch=str(batch))

    assert "2 start at 11:00; until then the limit is used up." in words(page)


def test_pause_and_resume_take_turns(integrity: Integrity, open_page: Open) -> None:
    batch, _ = started(integrity, 2)
    page = open_page(PAGE, batch=str(batch))

    press(page, "Pause")

    assert integrity.batch(batch).state == "paused"
    assert (
        ":material/pause_circle: **Paused.** A person paused it. Whoever may open the class can resume it."
        " 2 photos are left and wait at no cost. What was being made is finished."
    ) in words(page)
    assert metrics(page)["Ready at about"] == "–"
    assert "Pause" not in labels(page)


def paused(integrity: Integrity) -> tuple[UUID, list[UUID]]:
    batch, students = started(integrity, 5)
    done, failed, unconfirmed, _, _ = students
    integrity.bring(done, "done")
    integrity.bring(failed, "failed", cost="0", message=REFUSED)
    integrity.bring(unconfirmed, "unconfirmed", source="possible", message=NO_ANSWER)
    integrity.app.class_photos.pause(integrity.demo.mei, batch)
    return batch, students


def test_while_it_is_paused_the_results_and_decisions_stand_below(integrity: Integrity, open_page: Open) -> None:
    batch, (*_, making, _) = paused(integrity)
    integrity.bring(making, "making")

    page = open_page(PAGE, batch=str(batch))

    (table,) = page.main.dataframe
    rows = table.value[["state", "reason", "cost", "possible"]].to_numpy().tolist()
    assert [[list(state), *rest] for state, *rest in rows] == [
        [["Done"], "", "$0.013", ""],
        [["Not made"], "Refused by the safety filter", "nothing paid", ""],
        [["Unconfirmed"], "OpenAI did not answer in time", "$0.013", "$0.013"],
        [["Making"], "", "no cost yet", ""],
        [["Waiting"], "Not started yet", "no cost yet", ""],
    ]
    assert [one.proto.label for one in page.main.get("download_button")] == ["Download CSV"]
    assert "For you to decide" in words(page)
    assert labels(page).count("Retry failed (1)") == 1
    assert any(said.endswith("What needs your decision stands below.") for said in words(page))


def test_while_it_is_paused_an_unconfirmed_one_can_be_decided_and_waits(integrity: Integrity, open_page: Open) -> None:
    batch, (_, _, unconfirmed, _, _) = paused(integrity)
    page = open_page(PAGE, batch=str(batch))

    press(page, "Generate again (may cost again)")

    states = {one.student_id: one.state for one in integrity.batch(batch).results}
    assert (states[unconfirmed], integrity.batch(batch).state) == ("queued", "paused")
    assert "Generate again (may cost again)" not in labels(page)


def test_while_it_runs_no_list_stands_below(integrity: Integrity, open_page: Open) -> None:
    batch, _ = paused(integrity)
    integrity.app.class_photos.resume(integrity.demo.mei, batch)

    page = open_page(PAGE, batch=str(batch))

    assert not page.main.dataframe
    assert "For you to decide" not in words(page)
    assert labels(page).count("Retry failed (1)") == 1


@pytest.mark.parametrize("is_making", [True, False])
def test_a_paused_class_is_looked_at_often_only_while_one_is_being_made(
    integrity: Integrity, open_page: Open, monkeypatch: pytest.MonkeyPatch, is_making: bool
) -> None:
    looks: list[bool] = []
    monkeypatch.setattr(live, "watch", lambda *_, is_at_rest, **__: looks.append(is_at_rest))
    batch, (*_, making, _) = paused(integrity)
    if is_making:
        integrity.bring(making, "making")

    open_page(PAGE, batch=str(batch))

    assert looks == [not is_making]


def test_the_second_click_of_a_double_click_does_not_resume(integrity: Integrity, open_page: Open) -> None:
    batch, _ = started(integrity, 2)
    page = open_page(PAGE, batch=str(batch))

    press(press(page, "Pause"), "Resume")

    assert integrity.batch(batch).state == "paused"


def test_a_batch_that_paused_by_itself_says_why_and_how_many_are_left(integrity: Integrity, open_page: Open) -> None:
    batch, _ = started(integrity, 2)
    integrity.run(
        "update photo_batches set state = 'paused', pause_reason = 'insufficient_quota', message = :said"
        " where id = :id",
        id=batch,
        said="The OpenAI account has no credit left. Nothing was paid; an admin has to add credit.",
    )

    page = open_page(PAGE, batch=str(batch))

    (warning,) = page.main.warning
    assert warning.value == (
        "**Paused.** The OpenAI account has no credit left. An admin has to add credit; then resume,"
        " or cancel the batch. 2 photos are left and wait at no cost."
    )


def test_cancel_ends_what_was_not_started(integrity: Integrity, open_page: Open) -> None:
    batch, (first, _) = started(integrity, 2)
    integrity.bring(first, "done")
    page = open_page(PAGE, batch=str(batch))

    press(page, "Cancel batch")

    (sentence,) = [said for said in words(page) if said.startswith("Cancelled ")]
    assert sentence.endswith(". **1 of 2 students have a new photo.** 1 was not started and cost nothing.")


def finished(integrity: Integrity) -> tuple[UUID, list[UUID]]:
    batch, students = started(integrity, 3)
    done, failed, unconfirmed = students
    integrity.bring(done, "done")
    integrity.bring(failed, "failed", cost="0", message=REFUSED)
    integrity.bring(unconfirmed, "unconfirmed", source="possible", message=NO_ANSWER)
    integrity.run(
        "update photo_batches set started_at = '2026-11-12 02:24Z', finished_at = '2026-11-12 02:26:41Z'"
        " where id = :id",
        id=batch,
    )
    return batch, students


def test_the_end_is_told_in_one_sentence_with_its_cost(integrity: Integrity, open_page: Open) -> None:
    batch, _ = finished(integrity)

    page = open_page(PAGE, batch=str(batch))

    said = words(page)
    assert (
        "**1 of 3 students have a new photo.** 1 was not made, 1 needs your decision."
        " Finished 12 Nov, 10:26, after 2 min 41 s."
    ) in said
    assert metrics(page) == {"Done": "1", "Not made": "1", "Unconfirmed": "1", "Cost": r"\$0.026"}
    assert r"The cost is \$0.026, of it \$0.013 unconfirmed." in said
    cost = links(page)["All that portraits of this class cost"]
    assert cost == f"Usage?class={integrity.demo.integrity}&feature=portrait"


def test_the_results_show_every_student_with_state_reason_cost_and_time(integrity: Integrity, open_page: Open) -> None:
    batch, _ = finished(integrity)

    (table,) = open_page(PAGE, batch=str(batch)).main.dataframe

    rows = table.value[["student", "state", "reason", "cost", "possible", "time"]].to_numpy().tolist()
    assert [[student, list(state), *rest] for student, state, *rest in rows] == [
        ["Student 0", ["Done"], "", "$0.013", "", "7 s"],
        ["Student 1", ["Not made"], "Refused by the safety filter", "nothing paid", "", "–"],
        ["Student 2", ["Unconfirmed"], "OpenAI did not answer in time", "$0.013", "$0.013", "–"],
    ]


def test_what_was_tried_twice_costs_both_times_in_list_file_and_sum(integrity: Integrity, open_page: Open) -> None:
    batch, (_, failed, unconfirmed) = finished(integrity)
    integrity.app.class_photos.generate_again(integrity.demo.mei, batch, unconfirmed)
    integrity.bring(unconfirmed, "done")
    integrity.app.class_photos.retry_failed(integrity.demo.mei, batch)
    integrity.bring(failed, "unconfirmed", source="possible", message=NO_ANSWER)

    page = open_page(PAGE, batch=str(batch))

    (table,) = page.main.dataframe
    assert table.value[["cost", "possible"]].to_numpy().tolist() == [
        ["$0.013", ""],
        ["$0.013", "$0.013"],
        ["$0.026", "$0.013"],
    ]
    found = integrity.batch(batch)
    rows = list(csv.DictReader(results_csv(found).splitlines()))
    assert sum(Decimal(row["Cost in USD"]) for row in rows) == found.spent.cost_usd == Decimal("0.0528")
    assert sum(Decimal(row["Of it may have been charged, USD"]) for row in rows) == found.spent.possible_usd
    assert metrics(page)["Cost"] == r"\$0.053"
    assert r"The cost is \$0.053, of it \$0.026 unconfirmed." in words(page)


def test_what_failed_is_tried_again_by_one_click(integrity: Integrity, open_page: Open) -> None:
    batch, (_, failed, _) = finished(integrity)
    page = open_page(PAGE, batch=str(batch))
    assert (
        r":orange[:material/error:] **1 was not made.** Nothing was paid. A second try costs about \$0.013."
        in words(page)
    )

    press(page, "Retry failed (1)")

    assert {one.student_id: one.state for one in integrity.batch(batch).results}[failed] == "queued"
    assert "Pause" in labels(page)


def test_failed_ones_that_may_have_none_any_more_are_told(integrity: Integrity, open_page: Open) -> None:
    batch, (_, failed, _) = finished(integrity)
    page = open_page(PAGE, batch=str(batch))
    integrity.run("update students set portraits_allowed = false where id = :id", id=failed)

    press(page, "Retry failed (1)")

    assert [one.value.split("\\")[0] for one in page.main.warning] == ["Nobody is left to start"]


def test_an_unconfirmed_one_is_made_again_only_by_its_own_click(integrity: Integrity, open_page: Open) -> None:
    batch, (_, failed, unconfirmed) = finished(integrity)
    page = open_page(PAGE, batch=str(batch))
    assert (
        "We sent the request at 10:25:41 and got no answer. It may have been charged."
        r" A second try costs about \$0.013."
    ) in words(page)

    press(page, "Generate again (may cost again)")

    states = {one.student_id: one.state for one in integrity.batch(batch).results}
    assert (states[unconfirmed], states[failed]) == ("queued", "failed")


def test_an_unconfirmed_one_can_be_left(integrity: Integrity, open_page: Open) -> None:
    batch, _ = finished(integrity)
    page = open_page(PAGE, batch=str(batch))

    press(page, "Leave it")

    assert "Generate again (may cost again)" not in labels(page)
    assert any("1 was not made, 1 stayed unconfirmed." in said for said in words(page))


def test_another_batch_at_work_keeps_the_old_one_from_being_retried(
    integrity: Integrity, open_page: Open, demo: Demo
) -> None:
    batch, _ = finished(integrity)
    page = open_page(PAGE, batch=str(batch))
    integrity.start([demo.ana])

    press(page, "Retry failed (1)")

    assert [one.value for one in page.main.warning] == [
        "Photos of this class are being made already. Try again when they are ready."
    ]


def test_a_new_batch_begins_where_the_last_one_ended(integrity: Integrity, open_page: Open) -> None:
    batch, _ = finished(integrity)
    page = open_page(PAGE, batch=str(batch))

    press(page, "New batch")

    assert "batch" not in page.query_params
    assert button(page, "Generate") == "Generate photos for 2 students"
    assert "Earlier batches" in words(page)
    assert r"3 students · 1 done, 1 not made, 1 unconfirmed · \$0.026, of it \$0.013 unconfirmed" in words(page)


def test_an_earlier_batch_opens_its_results(integrity: Integrity, open_page: Open) -> None:
    batch, _ = finished(integrity)
    page = open_page(PAGE)

    page.main.button(key=f"batch_{batch.hex}").click().run()

    assert any(said.startswith("**1 of 3 students have a new photo.**") for said in words(page))


@pytest.mark.parametrize("looks_as", ["arjun"])
def test_another_teachers_class_and_batch_are_refused(
    integrity: Integrity, open_page: Open, demo: Demo, looks_as: str
) -> None:
    batch, _ = finished(integrity)

    of_class = open_page(PAGE, **{"as": looks_as, "class": str(demo.integrity)})
    of_batch = open_page(PAGE, **{"as": looks_as, "batch": str(batch)})

    assert [one.value for one in of_class.main.warning] == ["You may not open this class. Choose one of your own."]
    assert [one.value for one in of_batch.main.warning] == [
        "These class photos are not among your classes'. Choose a class."
    ]
    for page in (of_class, of_batch):
        picker = page.main.selectbox(key="class_photos_class")
        assert picker.options == ["P4 Courage"]
        assert "Student 0" not in " ".join(words(page))


def test_from_a_refusal_one_goes_on_to_a_class_of_ones_own(integrity: Integrity, open_page: Open, demo: Demo) -> None:
    page = open_page(PAGE, batch=str(uuid4()))

    page.main.selectbox(key="class_photos_class").set_value(str(demo.integrity)).run()

    assert not page.main.warning
    assert button(page, "Generate") == "Generate photos for 1 student"
    assert integrity.demo is demo


def test_an_admin_sees_a_teachers_batch(integrity: Integrity, open_page: Open) -> None:
    batch, _ = finished(integrity)

    page = open_page(PAGE, **{"as": "siti", "batch": str(batch)})

    assert any(said.startswith("**1 of 3 students have a new photo.**") for said in words(page))
    assert page.main.selectbox(key="class_photos_class").value == str(integrity.demo.integrity)


def test_names_are_shown_as_written(integrity: Integrity, open_page: Open) -> None:
    students = integrity.enrol("D'Souza, *Ryan* $5", "[x](http://y)")
    before = words(open_page(PAGE))
    batch = integrity.start(students)
    running = words(open_page(PAGE, batch=str(batch)))

    for escaped in (r"D'Souza, \*Ryan\* \$5", r"\[x\](http\://y)"):
        assert escaped in before
        assert f"**{escaped}**" in running


def test_what_makes_no_sense_leaves_the_address(open_page: Open) -> None:
    page = open_page(PAGE, batch="x", who="nobody", style="oil", **{"class": "7"})

    assert dict(page.query_params) == {}
    assert button(page, "Generate") == "Generate photos for 1 student"


def test_a_class_without_students_leads_to_the_import(open_page: Open) -> None:
    page = open_page(PAGE, **{"as": "arjun"})

    assert [one.value for one in page.main.info] == ["No student is in this class yet. Import its class list to begin."]
    assert "Import class list" in links(page)


def test_the_usual_time_of_a_call_is_seven_seconds_here(integrity: Integrity) -> None:
    batch, _ = finished(integrity)

    (done, _, _) = integrity.batch(batch).results

    assert (done.took, done.spent_usd) == (timedelta(seconds=7), Decimal("0.0132"))


def test_the_roster_knows_of_each_waiting_one_how_its_class_stands(
    integrity: Integrity, demo: Demo, owner: Connection
) -> None:
    batch, _ = started(integrity, 1)
    integrity.app.class_photos.pause(demo.mei, batch)
    integrity.app.photos.request(demo.mei, demo.ana, style=Style.PHOTO)
    maths = open_class(owner, demo.arjun, "P5 Mathematics")
    integrity.run(
        "insert into enrolments (school_id, class_id, student_id)"
        " select school_id, :maths, student_id from enrolments where class_id = :class",
        maths=maths,
        **{"class": demo.integrity},
    )

    cards = integrity.app.photos.cards
    assert {card.full_name: card.batch_state for card in cards(demo.mei, demo.integrity)} == {
        "Ana Lim": None,
        "Student 0": "paused",
    }
    (seen,) = [card for card in cards(demo.arjun, maths) if card.full_name == "Student 0"]
    assert (seen.batch_state, seen.is_paused, seen.may_cancel) == ("unseen", False, True)
    job = integrity.app.photos.of_student(demo.mei, seen.student_id).job
    assert job is not None
    assert job.is_paused


def test_who_left_the_class_is_neither_tried_again_nor_decided_about(
    integrity: Integrity, open_page: Open, demo: Demo
) -> None:
    batch, (_, failed, unconfirmed) = finished(integrity)
    integrity.run(
        "update enrolments set to_date = current_date where student_id in (:failed, :unconfirmed)",
        failed=failed,
        unconfirmed=unconfirmed,
    )

    page = open_page(PAGE, batch=str(batch))

    (table,) = page.main.dataframe
    assert list(table.value["student"]) == ["Student 0", "Left the class", "Left the class"]
    assert "For you to decide" not in words(page)
    assert integrity.app.class_photos.retry_failed(demo.mei, batch) == 0
    assert integrity.app.class_photos.generate_again(demo.mei, batch, unconfirmed) == 0


def test_a_pause_is_kept_when_it_goes_on(integrity: Integrity) -> None:
    batch, _ = started(integrity, 1)
    assert not integrity.batch(batch).was_paused

    integrity.app.class_photos.pause(integrity.demo.mei, batch)
    integrity.app.class_photos.resume(integrity.demo.mei, batch)

    assert integrity.batch(batch).was_paused
