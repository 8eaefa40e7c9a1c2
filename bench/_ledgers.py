"""A big school's ledger, made by the server itself: two years of calls of 500 teachers for 40 classes."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import Connection, text

from core.accounts.person import Person, Role

TEACHERS = 500
CLASSES = 40
WEEKS = 104
AT_ONCE = 250_000
LAST_DAY = date(2026, 11, 22)

_PEOPLE = text(
    """
    insert into staff (id, school_id, full_name, role)
    select gen_random_uuid(), :school, 'Teacher ' || n, case when n = 0 then 'admin' else 'teacher' end
    from generate_series(0, :teachers) as n
    """
)
_CLASSES = text(
    """
    insert into classes (school_id, name, school_year)
    select :school, 'Class ' || n, 2026 from generate_series(1, :classes) as n
    """
)

# Weeks follow each other; within one, nearly everything is on school days, most of it after lessons. A teacher has two
# classes, one call in forty fails in some way, and models changed after the first year.
_CALLS = """
    with people as materialized (
        select array_agg(id order by full_name) as ids from staff where school_id = :school and role = 'teacher'
    ),
    groups as materialized (
        select array_agg(id order by name) as ids from classes where school_id = :school
    ),
    drawn as materialized (
        select
            n,
            floor((n - 1) * :weeks / :of_rows)::integer as week,
            (array[0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 5, 6])[1 + floor(random() * 21)] as weekday,
            (array[7, 8, 9, 10, 10, 11, 12, 13, 14, 14, 15, 15, 15, 16, 16, 17, 20, 21])[1 + floor(random() * 18)]
                as hour,
            floor(random() * :teachers)::integer as person,
            random() as for_class,
            random() as for_kind,
            random() as for_end,
            random() as for_model,
            1 + floor(random() * 4)::integer as topic,
            200 + floor(random() * 3000)::integer as prompt,
            50 + floor(random() * 800)::integer as completion
        from generate_series(cast(:first as bigint), :last) as n
    ),
    calls as materialized (
        select
            d.*,
            case when for_kind < 0.8 then 'chat' when for_kind < 0.9 then 'image' else 'batch_image' end as type,
            case
                when for_end < 0.975 then null
                when for_end < 0.98 then 'cut_off'
                when for_end < 0.985 then 'no_answer'
                when for_end < 0.99 then 'moderation_blocked'
                else 'provider_busy'
            end as error,
            (cast(:last_day as date) - 7 * (:weeks - week) + 1 + weekday)::timestamp
            + make_interval(hours => hour, secs => random() * 3600) as at
        from drawn as d
    )
    insert into the_table (
        id, school_id, user_id, type, model, prompt_tokens, completion_tokens, total_tokens, estimated_cost,
        request_data, response_data, error, created_at, job_id, message_id, state, held_cost, cost_source, rates,
        feature, class_id, duration_ms, first_token_ms, attempt
    )
    select
        uuidv7(),
        :school,
        case when for_model < 0.999 then people.ids[1 + person] end,
        type,
        case
            when type <> 'chat' then case when week < :weeks / 2 then 'dall-e-3' else 'gpt-image-2.5-flare' end
            when for_model < 0.05 then 'gpt-6-sol'
            when week < :weeks / 2 then 'gpt-5-mini'
            else 'gpt-6-luna'
        end,
        prompt,
        completion,
        prompt + completion,
        case
            when for_end >= 0.995 then null
            when for_end >= 0.985 then 0
            when type = 'chat' then round((prompt * 0.25 + completion * 2) / 1000000, 10)
            else 0.0131700000
        end,
        case when type = 'chat' then '{"command": "ptm", "by": "words"}' else '{"style": "photo"}' end::jsonb,
        '{"finish_reason": "stop"}',
        error,
        at at time zone 'Asia/Singapore',
        case when type <> 'chat' then uuidv7() end,
        case when type = 'chat' then uuidv7() end,
        'settled',
        0.0131700000,
        case
            when for_end >= 0.995 then 'unpriced'
            when for_end < 0.975 or for_end >= 0.985 then 'reported'
            when error = 'cut_off' then 'estimated'
            else 'possible'
        end,
        '{"input_mtok": "0.25", "output_mtok": "2", "source": "genai-prices"}',
        case when type <> 'chat' then 'portrait' else (array['ptm', 'progress', 'lesson', 'question'])[topic] end,
        case
            when for_class < 0.45 then groups.ids[1 + person % :classes]
            when for_class < 0.7 then groups.ids[1 + (person * 7 + 3) % :classes]
        end,
        900 + 9 * completion,
        case when type = 'chat' and error is null then 300 + prompt / 10 end,
        1
    from calls, people, groups
    order by at
"""


_INDEXES = text(
    """
    select indexname, indexdef from pg_indexes
    where schemaname = 'public' and tablename = 'openai_usage'
        and indexname not in (select conname from pg_constraint where conrelid = 'openai_usage'::regclass)
    """
)
_MONTHS = text("select generate_series(date_trunc('month', min(created_at)), now(), '1 month') from openai_usage")
_ADD_TO_DAYS = text(
    """
    select private.add_to_days(1, :school, 'Asia/Singapore', array(
        select l.line from private.usage_lines as l
        where l.school_id = :school and l.created_at >= :month and l.created_at < :month + interval '1 month'
    ))
    """
)
# The last day stays open, as it would for whoever looks at the page on it.
_CLOSE = text(
    """
    select private.close_days(
        school_id, 'Asia/Singapore', closed_until, cast(:until as date)::timestamp at time zone 'Asia/Singapore'
    )
    from usage_books
    """
)


@dataclass(frozen=True)
class BigSchool:
    """With one admin, and the first of its teachers."""

    id: UUID
    admin: Person
    teacher: Person
    class_id: UUID


def found_big_school(owner: Connection) -> BigSchool:
    school = uuid4()
    owner.execute(text("insert into schools (id, name) values (:school, 'Big School')"), {"school": school})
    owner.execute(_PEOPLE, {"school": school, "teachers": TEACHERS})
    owner.execute(_CLASSES, {"school": school, "classes": CLASSES})
    class_id = owner.scalar(text("select id from classes where school_id = :school limit 1"), {"school": school})
    admin, teacher = (_someone(owner, school, role) for role in (Role.ADMIN, Role.TEACHER))
    return BigSchool(school, admin, teacher, class_id)


def write_calls(
    owner: Connection, school: BigSchool, first: int, last: int, *, of_rows: int, table: str = "openai_usage"
) -> None:
    """The first to the last of so many rows, in one statement."""
    owner.execute(
        text(_CALLS.replace("the_table", table)),
        {
            "school": school.id,
            "first": first,
            "last": last,
            "of_rows": of_rows,
            "weeks": WEEKS,
            "last_day": LAST_DAY,
            "teachers": TEACHERS,
            "classes": CLASSES,
        },
    )


def fill(superuser: Connection, school: BigSchool, rows: int) -> None:
    """All rows without triggers and indexes, then the rollups by the functions that the triggers call."""
    indexes = superuser.execute(_INDEXES).all()
    superuser.execute(text("alter table openai_usage disable trigger all"))
    for index in indexes:
        superuser.execute(text(f"drop index {index.indexname}"))
    for first in range(1, rows + 1, AT_ONCE):
        write_calls(superuser, school, first, min(first + AT_ONCE - 1, rows), of_rows=rows)
    for index in indexes:
        superuser.execute(text(index.indexdef))
    superuser.execute(text("alter table openai_usage enable trigger all"))
    superuser.execute(text("vacuum analyze openai_usage"))
    for month in superuser.scalars(_MONTHS).all():
        superuser.execute(_ADD_TO_DAYS, {"school": school.id, "month": month})
    superuser.execute(text("insert into usage_books (school_id) values (:school)"), {"school": school.id})
    superuser.execute(_CLOSE, {"until": LAST_DAY})
    superuser.execute(text("vacuum analyze"))


def _someone(owner: Connection, school: UUID, role: Role) -> Person:
    row = owner.execute(
        text("select id, full_name from staff where school_id = :school and role = :role order by full_name limit 1"),
        {"school": school, "role": role.value},
    ).one()
    return Person(row.id, school, row.full_name, role, "Big School", "Asia/Singapore", is_demo=False)
