"""The page for when something does not work names lines that the doctor has, and all of them."""

import re
from dataclasses import replace

import pytest

from core.doctor.examining import judge
from core.settings import CHECKOUT
from tests.unit.doctor import well

ROWS = [
    row.split("|")
    for row in (CHECKOUT / "docs" / "troubleshooting.md").read_text(encoding="utf-8").splitlines()
    if row.startswith("| ") and not row.startswith("| what")
]


def names() -> set[str]:
    """Of all lines that a deployment with everything has."""
    seen = well.evidence(owner=well.APP, bucket=replace(well.BUCKET, local=1))
    return {finding.name for finding in judge(seen).findings}


def test_every_line_that_the_page_names_is_one_of_the_doctor_s_and_none_is_left_out() -> None:
    named = {name for row in ROWS for name in re.findall(r"`(\w+)`", row[2])}

    assert named - names() == set()
    assert names() - named == {"database_owner", "login_worker"}


@pytest.mark.parametrize(
    ("symptom", "line"),
    [
        ("missing key", "openai_key"),
        ("limit exceeded", "limits"),
        ("upload failed", "photo_store"),
        ("stream stops", "stream"),
        ("images not showing", "photo_links"),
    ],
)
def test_the_first_system_s_troubles_lead_to_a_line(symptom: str, line: str) -> None:
    rows = [row for row in ROWS if f"**{symptom}**" in row[1]]

    assert len(rows) == 1
    assert f"`{line}`" in rows[0][2]
    assert line in names()
