from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from core.accounts.audit import AuditLine
from core.assistant.gathering import let_out
from core.meetings.records import RecordKind
from core.ui.school_settings.audit_fields import FieldChange, changes
from core.ui.school_settings.audit_file import audit_csv
from core.usage.model_choice import SchoolChoices

ZONE = ZoneInfo("Asia/Singapore")
# The same in every process of a run: it stands in a test's name.
ANA = UUID("0f15cf06-6c3f-4fa6-a10b-c3330819107f")


def a_line(
    before: dict[str, Any] | None, after: dict[str, Any] | None, actor: str = "Mei Tan", action: str = "use photo"
) -> AuditLine:
    return AuditLine(
        id=uuid4(),
        happened_at=datetime(2026, 11, 22, 17, 5, tzinfo=UTC),
        actor=actor,
        action=action,
        object=f"student {ANA}",
        before=before,
        after=after,
        names={ANA: "Ana Lim"},
    )


def test_only_what_differs_is_shown() -> None:
    before = {"id": "1", "role": "teacher", "email": "a@b.c", "active": True}

    assert changes(a_line(before, {**before, "id": "2", "role": "admin", "active": False}), ZONE) == [
        FieldChange("Role", "teacher", "admin"),
        FieldChange("Active", "yes", "no"),
    ]


def test_of_a_new_row_only_what_it_holds_is_shown() -> None:
    assert [one.in_brief for one in changes(a_line(None, {"score": 12, "weight": None}), ZONE)] == ["Score: 12"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (str(ANA), "Ana Lim"),
        ("6f2c1a9b-0000-4000-8000-000000000000", "6f2c1a9b…"),
        ("2026-11-12", "12 Nov 2026"),
        ("2026-11-12T20:00:00+00:00", "13 Nov 2026, 04:00"),
        ("2026-13-45", "2026-13-45"),
        ("official_absence", "Official absence"),
        ("no_credit", "no credit"),
        (["case", {"id": "1", "at_most": 5, "level": None}], "case; At most: 5"),
        ([], "–"),
    ],
)
def test_values_are_in_plain_words(value: object, shown: str) -> None:
    assert changes(a_line(None, {"value": value}), ZONE) == [FieldChange("Value", None, shown)]


@pytest.mark.parametrize(
    ("action", "before", "after", "said"),
    [
        ("budget.corrected", {"amount_usd": 5.0}, {"amount_usd": 12.5}, "Amount: $5.00 → $12.50"),
        ("model_price.added", None, {"input_usd": 0.1}, "For 1M tokens in: $0.10"),
        (
            "to_model_setting.changed",
            {"to_model": None},
            {"to_model": ["result", "case", "note"]},
            "May go to a model: all kinds but cases → results, notes for meetings and cases",
        ),
        (
            "to_model_setting.changed",
            {"to_model": []},
            {"to_model": None},
            "May go to a model: no record → all kinds but cases",
        ),
        (
            "chat_setting.changed",
            {"chat": None},
            {"chat": {"model": "gpt-5.4-mini", "reasoning_effort": "low"}},
            "Model for answers: the operator's choice → Model: gpt-5.4-mini, Thinking: Low",
        ),
        ("uniform_setting.changed", {"uniform": None}, {"uniform": "green skirt"}, "Uniform: – → green skirt"),
    ],
)
def test_amounts_and_choices_read_as_on_the_page(
    action: str, before: dict[str, Any] | None, after: dict[str, Any], said: str
) -> None:
    assert [one.in_brief for one in changes(a_line(before, after, action=action), ZONE)] == [said]


def test_without_a_choice_all_kinds_but_cases_go_to_a_model() -> None:
    assert let_out(SchoolChoices()) == set(RecordKind) - {RecordKind.CASE}


def test_a_file_has_the_schools_time_and_no_formula() -> None:
    text = audit_csv([a_line({"note": "x"}, {"note": "=1+1"}, actor="=cmd()")], ZONE).decode("utf-8-sig")

    assert text.splitlines()[2].startswith("2026-11-23,01:05:00,'=cmd(),Chose another photo of Ana Lim,Note: x → =1+1,")
