"""Two schools out of an export, with what each of them has that the other may never see."""

import csv
import io
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import text

from core.accounts.person import Person, Role
from core.settings import CHECKOUT
from tests import cast
from tests.integration.accounts.supabase_stand_in import Account
from tests.production.deployment import Deployment

EXPORT = CHECKOUT / "tests" / "data" / "microsoft-sds" / "SDS Format" / "100 Users"
PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Choir:
    """A class that the export gets besides its own, so small that its portraits are soon made."""

    section: str
    school: str
    teacher: str
    email: str
    students: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"Choir {self.section}"

    def write(self, export: Path) -> None:
        _append(
            export / "Section.csv", {"SIS ID": self.section, "School SIS ID": self.school, "Section Name": self.name}
        )
        _append(export / "TeacherRoster.csv", {"Section SIS ID": self.section, "SIS ID": self.teacher})
        for student in self.students:
            _append(export / "StudentEnrollment.csv", {"Section SIS ID": self.section, "SIS ID": student})


CHOIRS = (
    Choir("12001", "10001", "14001", "craig@contoso.school", ("13001", "13002", "13003")),
    Choir("12002", "10002", "14009", "edna@fabrikam.school", ("13061", "13062", "13063")),
)


def _append(path: Path, row: dict[str, str]) -> None:
    with path.open("r+", encoding="utf-8-sig", newline="") as file:
        columns = csv.DictReader(file).fieldnames or []
        file.seek(0, io.SEEK_END)
        csv.DictWriter(file, columns).writerow(row)


@dataclass(frozen=True)
class ChosenClass:
    """Three students with portraits, made by the workers."""

    id: UUID
    name: str
    batch_id: UUID
    students: dict[UUID, str]
    photos: list[UUID]


@dataclass(frozen=True)
class School:
    """Imported, with a choir that its teacher added; tests hire whom they need."""

    deployment: Deployment
    teacher: Person
    choir: ChosenClass

    @property
    def id(self) -> UUID:
        return self.teacher.school_id

    @property
    def name(self) -> str:
        return self.teacher.school_name

    def hire(self, role: Role = Role.TEACHER, *, teaches: bool = False) -> Person:
        """A new member with an account at the provider; of the choir's teachers if asked for."""
        member = cast.hire(self.deployment.owner, cast.School(self.id, self.name), f"Member {uuid4().hex[:8]}", role)
        if teaches:
            cast.assign(self.deployment.owner, member, self.choir.id, "subject")
        self.deployment.supabase.accounts.append(Account(self.email(member), PASSWORD))
        return member

    def email(self, member: Person) -> str:
        return str(self.deployment.value("select email from staff where id = :id", id=member.staff_id))

    @property
    def names(self) -> frozenset[str]:
        """Of people here alone, and the school's own."""
        return self._found(_NAMES)

    @property
    def ids(self) -> frozenset[str]:
        """Of everything of this school that an address could name."""
        return self._found(_IDS)

    def _found(self, query: str) -> frozenset[str]:
        return frozenset(self.deployment.owner.scalars(text(query), {"school": self.id}))


_NAMES = """
select name from schools where id = :school
union select full_name from staff where school_id = :school
union select full_name from students where school_id = :school
"""
_IDS = """
select id::text from schools where id = :school
union select id::text from staff where school_id = :school
union select id::text from students where school_id = :school
union select id::text from classes where school_id = :school
union select id::text from photos where school_id = :school
union select id::text from photo_batches where school_id = :school
union select id::text from chat_threads where school_id = :school
"""


def imported_schools(deployment: Deployment) -> tuple[School, School]:
    folder = deployment.programs.folder / "export"
    shutil.copytree(EXPORT, folder)
    for choir in CHOIRS:
        choir.write(folder)
    deployment.run("import", str(folder))
    deployment.sql("update limits set at_most = 1000, per_seconds = 1, min_gap_seconds = 0")
    contoso, fabrikam = (_teacher_of(deployment, choir) for choir in CHOIRS)
    with ThreadPoolExecutor() as at_once:
        batches = at_once.map(lambda choir: _portraits(deployment, choir), CHOIRS)
    made_for_contoso, made_for_fabrikam = batches
    return (
        School(deployment, contoso, _chosen(deployment, CHOIRS[0], made_for_contoso)),
        School(deployment, fabrikam, _chosen(deployment, CHOIRS[1], made_for_fabrikam)),
    )


def _teacher_of(deployment: Deployment, choir: Choir) -> Person:
    """With an e-mail, which the export has not."""
    deployment.sql(
        "update staff set email = :email where sourced_id = :teacher", email=choir.email, teacher=choir.teacher
    )
    deployment.supabase.accounts.append(Account(choir.email, PASSWORD))
    query = (
        "select st.id, st.school_id, st.full_name, sc.name, sc.time_zone"
        " from staff st join schools sc on sc.id = st.school_id where st.email = :email"
    )
    found = deployment.owner.execute(text(query), {"email": choir.email}).one()
    return Person(found.id, found.school_id, found.full_name, Role.TEACHER, found.name, found.time_zone, is_demo=False)


def _portraits(deployment: Deployment, choir: Choir) -> UUID:
    ordered = ["photos", "batch", choir.name, "--as", choir.email, "--wait", "--timeout", "60", "--json"]
    return UUID(json.loads(deployment.run(*ordered))["batch_id"])


def _chosen(deployment: Deployment, choir: Choir, batch_id: UUID) -> ChosenClass:
    query = (
        "select c.id as class_id, s.id, s.full_name, p.id as photo_id from classes c"
        " join enrolments e on e.class_id = c.id join students s on s.id = e.student_id"
        " join photos p on p.student_id = s.id where c.name = :name"
    )
    rows = deployment.owner.execute(text(query), {"name": choir.name}).all()
    students = {row.id: row.full_name for row in rows}
    return ChosenClass(rows[0].class_id, choir.name, batch_id, students, [row.photo_id for row in rows])


def names_and_emails(deployment: Deployment) -> list[str]:
    """Of everybody in any school."""
    query = "select full_name from students union select full_name from staff union select email from staff"
    return [value for value in deployment.owner.scalars(text(query)) if value]
