from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from core.accounts.audit import A_PAGE, OPERATOR, Audit
from core.accounts.audit_search import AuditSearch
from core.accounts.audit_words import Topic
from core.accounts.person import Person, Role
from tests.cast import enrol, found_school, hire, open_class
from tests.integration.accounts.school import SignInSchool

WRITE = (
    "insert into audit_log (school_id, actor_id, action, object, before, after, created_at)"
    " values (:school, :actor, :action, :object, cast(:before as jsonb), cast(:after as jsonb),"
    " coalesce(cast(:at as timestamptz), now()))"
)


@pytest.fixture(scope="module")
def audit(school: SignInSchool) -> Audit:
    return Audit(database=school.database)


@pytest.fixture
def admin(school: SignInSchool) -> Person:
    """Of a school with nothing in its log."""
    return hire(school.owner, found_school(school.owner, f"School {uuid4().hex[:8]}"), "Siti Rahim", Role.ADMIN)


def write(school: SignInSchool, admin: Person, action: str, of: str, **more: object) -> None:
    values = {"actor": admin.staff_id, "before": None, "after": None, "at": None, **more}
    school.run(WRITE, school=admin.school_id, action=action, object=of, **values)


def sentences(audit: Audit, admin: Person, **search: object) -> list[str]:
    return [line.sentence for line in audit.page(admin, AuditSearch(**search)).lines]  # type: ignore[arg-type]  # by name


@pytest.fixture
def ana(school: SignInSchool, admin: Person) -> UUID:
    """Of P5 Integrity, with a line about her, one about a colleague and one of the operator's."""
    ana = enrol(school.owner, open_class(school.owner, admin, "P5 Integrity"), "Ana Lim")
    mei = hire_beside(school, admin, "Mei Tan")
    write(school, admin, "use photo", f"student {ana}", actor=None, at="2026-11-01T16:30:00Z")
    record = f'{{"student_id": "{ana}", "status": "late"}}'
    write(school, admin, "attendance.added", f"attendance/{uuid4()}", after=record, actor=mei.staff_id)
    write(school, admin, "member.made_admin", f"staff/{mei.staff_id}")
    return ana


def hire_beside(school: SignInSchool, admin: Person, name: str) -> Person:
    mei = school.hire()
    school.run(
        "update staff set school_id = :school, full_name = :name where id = :id",
        school=admin.school_id,
        name=name,
        id=mei.staff_id,
    )
    return mei


@pytest.mark.usefixtures("ana")
def test_lines_name_whom_they_are_about_newest_first(audit: Audit, admin: Person) -> None:
    page = audit.page(admin, AuditSearch())

    assert {(line.sentence, line.actor) for line in page.lines[:2]} == {
        ("Made Mei Tan an admin", "Siti Rahim"),
        ("Added a day's attendance of Ana Lim", "Mei Tan"),
    }
    assert (page.lines[2].sentence, page.lines[2].actor) == ("Chose another photo of Ana Lim", OPERATOR)
    assert (page.count, page.is_more) == (3, False)


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize(
    ("search", "found"),
    [
        ({"text": "ana lim"}, {"Added a day's attendance of Ana Lim", "Chose another photo of Ana Lim"}),
        ({"text": "mei"}, {"Added a day's attendance of Ana Lim", "Made Mei Tan an admin"}),
        ({"text": "an admin"}, {"Made Mei Tan an admin"}),
        ({"text": "100%"}, set()),
        ({"by_operator": True}, {"Chose another photo of Ana Lim"}),
        ({"topic": Topic.PEOPLE}, {"Made Mei Tan an admin"}),
        ({"action": "use photo"}, {"Chose another photo of Ana Lim"}),
    ],
)
def test_it_is_searched_by_words_by_whom_and_by_what(
    audit: Audit, admin: Person, search: dict[str, object], found: set[str]
) -> None:
    assert set(sentences(audit, admin, **search)) == found


def test_guardians_are_found_by_name(audit: Audit, admin: Person, school: SignInSchool) -> None:
    guardian = school.owner.scalar(
        text("insert into guardians (school_id, full_name) values (:school, 'Mdm Lau') returning id"),
        {"school": admin.school_id},
    )
    link = f'{{"guardian_id": "{guardian}", "relationship": "mother"}}'
    write(school, admin, "guardian_link.added", f"student_guardians/{uuid4()}", after=link)
    write(school, admin, "guardian.corrected", f"guardians/{guardian}", before="{}", after="{}")
    write(school, admin, "use photo", f"student {uuid4()}")

    assert set(sentences(audit, admin, text="lau")) == {
        "Made Mdm Lau a guardian of a student",
        "Corrected the guardian Mdm Lau",
    }


@pytest.mark.parametrize(
    ("action", "row", "sentence"),
    [
        ("limit.corrected", '{"type": "batch_image", "at_most": 7}', "Corrected a limit: class photos"),
        ("model_price.added", '{"type": "image", "model": "dall-e-3", "quality": "hd"}', "dall-e-3, hd"),
        ("model_price.removed", '{"type": "chat", "model": "llama-4", "quality": ""}', "llama-4"),
        ("budget.corrected", '{"amount_usd": 5, "class_id": null}', "Corrected a budget: the whole school"),
        ("chat_setting.changed", '{"chat": null}', "Chose another model for answers"),
    ],
)
def test_choices_with_the_same_words_are_told_apart(
    audit: Audit, admin: Person, school: SignInSchool, action: str, row: str, sentence: str
) -> None:
    write(school, admin, action, f"limits/{uuid4()}", before=row, after=row)

    assert sentences(audit, admin)[0].endswith(sentence)


def test_whoever_entered_a_price_is_named(audit: Audit, admin: Person, school: SignInSchool) -> None:
    entered = f'{{"type": "chat", "model": "llama-4", "entered_by": "{admin.staff_id}"}}'
    write(school, admin, "model_price.added", f"model_prices/{uuid4()}", actor=None, after=entered)

    assert audit.page(admin, AuditSearch()).lines[0].names == {admin.staff_id: "Siti Rahim"}


def test_days_are_the_schools(audit: Audit, admin: Person, school: SignInSchool) -> None:
    write(school, admin, "use photo", f"student {uuid4()}", at="2026-11-01T16:30:00Z")
    there = audit.page(admin, AuditSearch()).lines[0].happened_at.astimezone(admin.zone).date()

    assert there.isoformat() == "2026-11-02"
    assert len(sentences(audit, admin, first=there, last=there)) == 1
    before = there - timedelta(days=1)
    assert sentences(audit, admin, first=before, last=before) == []


def test_a_page_goes_on_where_the_one_before_ended(audit: Audit, admin: Person, school: SignInSchool) -> None:
    for _ in range(A_PAGE + 3):
        write(school, admin, "use photo", f"student {uuid4()}", at="2026-11-01T16:30:00Z")

    pages = [audit.page(admin, AuditSearch(), number) for number in (1, 2)]

    assert [(len(page.lines), page.count) for page in pages] == [(A_PAGE, A_PAGE + 3), (3, A_PAGE + 3)]
    assert len({line.id for page in pages for line in page.lines}) == A_PAGE + 3
    assert len(audit.everything(admin, AuditSearch())) == A_PAGE + 3


def test_whoever_was_removed_is_named_by_the_line_itself(audit: Audit, admin: Person, school: SignInSchool) -> None:
    write(school, admin, "guardian.removed", f"guardians/{uuid4()}", before='{"full_name": "Mdm Lim"}')
    write(school, admin, "remove photo", f"student {uuid4()}", at="2026-11-01T16:30:00Z")

    assert sentences(audit, admin) == ["Removed the guardian Mdm Lim", "Took the photo of a student away"]


def test_nobody_else_reads_it(audit: Audit, admin: Person, school: SignInSchool) -> None:
    write(school, admin, "use photo", f"student {uuid4()}")
    mei = hire_beside(school, admin, "Mei Tan")
    mei_there = Person(**{**vars(mei), "school_id": admin.school_id})
    ben_here = Person(**{**vars(school.siti), "school_id": admin.school_id})

    assert audit.page(mei_there, AuditSearch()).lines == []
    assert audit.page(ben_here, AuditSearch()).lines == []
