"""What the drawer says of a portrait that is not there yet."""

from uuid import UUID

import pytest

from core.accounts.person import Person, Role
from core.photos.board import LatestJob, Standing
from core.ui.drawer_portrait import note

MEI = Person(
    staff_id=UUID(int=1),
    school_id=UUID(int=2),
    full_name="Mei Tan",
    role=Role.TEACHER,
    school_name="North Primary",
    time_zone="Asia/Singapore",
    is_demo=False,
)


@pytest.mark.parametrize(
    ("error_code", "said"),
    [
        (None, "You can close this; it carries on."),
        ("storage_away", "It is safe and will be stored by itself."),
        ("storage_refused", "It is safe and will be stored by itself."),
    ],
)
def test_a_portrait_that_waits_for_the_store_is_said_to_be_safe(error_code: str | None, said: str) -> None:
    job = LatestJob(
        id=UUID(int=3),
        standing=Standing.MAKING,
        starts_at=None,
        called_at=None,
        message="There is no bucket. Run a command.",
        error_code=error_code,
        cost_usd=None,
    )

    assert note(job, MEI).endswith(said)
