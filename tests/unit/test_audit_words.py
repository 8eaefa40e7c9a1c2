"""Whatever the database writes into the audit log has words of its own there."""

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from core.accounts.audit_words import SOMEBODY, WORDS
from core.settings import CHECKOUT

MIGRATIONS = sorted((CHECKOUT / "sql" / "supabase" / "migrations").glob("*.sql"))
ENDINGS = ("added", "corrected", "removed")
# Actions that are put together, by how the SQL spells them.
COMPOSED = {
    "kept.action": (),
    "'member.' || what": (
        "member.added",
        "member.corrected",
        "member.made_admin",
        "member.made_teacher",
        "member.deactivated",
        "member.reactivated",
    ),
    "key || '_setting.changed'": tuple(
        f"{key}_setting.changed" for key in ("chat", "image", "to_model", "style", "uniform")
    ),
    "'limit.' || case when before.id is null then 'added' else 'corrected' end": ("limit.added", "limit.corrected"),
}


def third_argument(call: str) -> str:
    """Of what follows the opening parenthesis of a call."""
    depth, arguments = 0, [""]
    for letter in call:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth < 0:
            break
        if letter == "," and depth == 0:
            arguments.append("")
        else:
            arguments[-1] += letter
    return " ".join(arguments[2].split())


def actions_of(sql: str) -> Iterator[str]:
    for call in re.split(r"perform private\.write_audit\(", sql)[1:]:
        action = third_argument(call)
        literal = re.fullmatch(r"'([^']+)'", action)
        yield from [literal[1]] if literal else COMPOSED[action]
    nouns = re.findall(r"audit_record\('(\w+)'\)", sql)
    for block in re.findall(r"do \$\$(.*?)\$\$;", sql, re.DOTALL):
        nouns += re.findall(r"\('\w+', '(\w+)'\)", block) if "audit_record(%L)" in block else []
    yield from (f"{noun}.{ending}" for noun in nouns for ending in ENDINGS)


@pytest.mark.parametrize("migration", MIGRATIONS, ids=lambda path: path.stem)
def test_every_action_has_words(migration: Path) -> None:
    sql = migration.read_text()

    assert [action for action in actions_of(sql) if action not in WORDS] == []


def test_the_walk_finds_what_is_there() -> None:
    found = {action for path in MIGRATIONS for action in actions_of(path.read_text())}

    assert {"attendance.corrected", "meeting.added", "use photo", "undo import", "member.deactivated"} <= found
    assert len(found) > 30


def test_words_name_nobody_but_those_whom_a_line_can_name() -> None:
    named = {field for words in WORDS.values() for _, field, _, _ in Formatter().parse(words.sentence) if field}

    assert named <= set(SOMEBODY)
