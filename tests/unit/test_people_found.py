from uuid import uuid4

import pytest

from core.accounts.member import Member
from core.accounts.person import Role
from core.ui.school_settings.people_address import PeopleAddress, Show, found


def a_member(name: str, *classes: str, role: Role = Role.TEACHER, is_active: bool = True) -> Member:
    return Member(
        id=uuid4(),
        full_name=name,
        name_to_check=False,
        email=f"{name.replace(' ', '.').lower()}@north.school",
        role=role,
        is_active=is_active,
        invited_at=None,
        last_seen_at=None,
        is_linked=False,
        classes=classes,
    )


PEOPLE = [
    a_member("Arjun Nair", "P4 Courage"),
    a_member("Lena Koh", role=Role.ADMIN, is_active=False),
    a_member("Mei Tan", "P5 Integrity"),
    a_member("Siti Rahim", role=Role.ADMIN),
]


@pytest.mark.parametrize(
    ("show", "search", "names"),
    [
        (Show.ACTIVE, "", ["Arjun Nair", "Mei Tan", "Siti Rahim"]),
        (Show.ADMINS, "", ["Siti Rahim"]),
        (Show.LEFT, "", ["Lena Koh"]),
        (Show.ACTIVE, "COURAGE", ["Arjun Nair"]),
        (Show.ACTIVE, "mei.tan@", ["Mei Tan"]),
        (Show.ACTIVE, "Lena", []),
    ],
)
def test_people_are_found_by_what_they_are_and_by_name_e_mail_or_class(
    show: Show, search: str, names: list[str]
) -> None:
    assert [one.full_name for one in found(PEOPLE, PeopleAddress(show, search, None))] == names
