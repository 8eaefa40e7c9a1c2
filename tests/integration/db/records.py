"""One row of every table about Ana of P5 Integrity, and what people may do with it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, text

from core.accounts.person import Person
from tests.cast import Cast

Group = frozenset[str]
NOBODY: Group = frozenset()
MEMBERS: Group = frozenset({"mei", "devi", "arjun", "siti"})
TEACHERS: Group = frozenset({"mei", "devi", "siti"})
FORM: Group = frozenset({"mei", "siti"})
ADMIN: Group = frozenset({"siti"})
OWN: Group = frozenset({"mei"})
OWN_AND_ADMIN: Group = frozenset({"mei", "siti"})


@dataclass(frozen=True)
class Rules:
    """Who may read, add, change and remove; the statements are tried by everyone."""

    read: Group
    add: Group = NOBODY
    new: str | None = None
    change: dict[str, Group] = field(default_factory=dict)
    remove: Group = NOBODY


RULES = {
    "schools": Rules(MEMBERS, change={"name = 'Renamed'": ADMIN, "settings = '{}'": ADMIN}),
    "staff": Rules(
        MEMBERS,
        add=ADMIN,
        new="insert into staff (school_id, full_name) values (:school, 'New Colleague')",
        change={"full_name = 'Renamed'": ADMIN, "role = 'admin'": ADMIN, "active = false": ADMIN},
    ),
    "classes": Rules(
        TEACHERS,
        add=ADMIN,
        new="insert into classes (school_id, name, school_year) values (:school, 'P6 Grit', 2026)",
        change={"name = 'Renamed'": ADMIN, "archived_at = now()": ADMIN},
    ),
    "class_staff": Rules(
        TEACHERS,
        add=ADMIN,
        new="insert into class_staff (school_id, class_id, staff_id, role)"
        " values (:school, :integrity, :arjun, 'form')",
        change={"role = 'subject'": ADMIN},
        remove=ADMIN,
    ),
    "students": Rules(
        TEACHERS,
        add=ADMIN,
        new="insert into students (school_id, full_name) values (:school, 'New Student')",
        change={
            "preferred_name = 'Annie'": TEACHERS,
            "full_name = 'Renamed'": ADMIN,
            "portraits_allowed = false": ADMIN,
            "status = 'left'": ADMIN,
            "profile_photo = 'https://elsewhere.example/x'": NOBODY,
        },
    ),
    "enrolments": Rules(
        TEACHERS,
        add=ADMIN,
        new="insert into enrolments (school_id, class_id, student_id) values (:school, :courage, :ana)",
        change={"to_date = current_date": ADMIN, "index_no = 7": ADMIN},
    ),
    "guardians": Rules(
        FORM,
        add=ADMIN,
        new="insert into guardians (school_id, full_name) values (:school, 'New Guardian')",
        change={"phone = '+65 6000 0000'": ADMIN},
        remove=ADMIN,
    ),
    "student_guardians": Rules(
        FORM,
        add=ADMIN,
        new="insert into student_guardians (school_id, student_id, guardian_id, relationship)"
        " values (:school, :ana, :other_guardian, 'aunt')",
        change={"relationship = 'uncle'": ADMIN},
        remove=ADMIN,
    ),
    "attendance": Rules(
        TEACHERS,
        add=TEACHERS,
        new="insert into attendance (school_id, student_id, on_date, status)"
        " values (:school, :ana, '2026-02-03', 'late')",
        change={"status = 'absent'": TEACHERS},
        remove=TEACHERS,
    ),
    "results": Rules(
        TEACHERS,
        add=TEACHERS,
        new="insert into results (school_id, student_id, subject, term, assessment, max_score, recorded_on)"
        " values (:school, :ana, 'Science', 'T1', 'WA1', 20, '2026-02-03')",
        change={"score = 12": TEACHERS},
        remove=TEACHERS,
    ),
    "observations": Rules(
        TEACHERS,
        add=TEACHERS,
        new="insert into observations (school_id, student_id, author_id, happened_at, kind, text)"
        " values (:school, :ana, :me, now(), 'note', 'Helped a classmate')",
        change={"text = 'Changed'": OWN},
        remove=OWN,
    ),
    "cases": Rules(
        FORM,
        add=FORM,
        new="insert into cases (school_id, student_id, kind, severity, summary, opened_on)"
        " values (:school, :ana, 'career', 'low', 'Wants to become a pilot', '2026-02-03')",
        change={"severity = 'high'": FORM},
    ),
    "readiness_notes": Rules(
        TEACHERS,
        # Mei has her note already; the one of these two admits a second author.
        add=frozenset({"devi", "siti"}),
        new="insert into readiness_notes (school_id, student_id, staff_id, text)"
        " select :school, :ana, :me, 'Ready' where :me <> :mei",
        change={"text = 'Changed'": OWN},
        remove=OWN,
    ),
    "meetings": Rules(
        TEACHERS,
        add=TEACHERS,
        new="insert into meetings (school_id, student_id, staff_id, starts_at)"
        " values (:school, :ana, :me, '2026-11-13 15:00+08')",
        change={"starts_at = '2026-11-13 16:00+08'": OWN, "guardian_id = null": OWN, "note = 'In room 12'": OWN},
        remove=OWN,
    ),
    "limits": Rules(MEMBERS, change={"at_most = 1000": NOBODY}),
    "rate_limits": Rules(OWN_AND_ADMIN),
    "model_prices": Rules(
        MEMBERS,
        add=ADMIN,
        new="insert into model_prices (school_id, type, model, input_usd, cached_usd, output_usd, source, entered_by)"
        " values (:school, 'chat', 'another-model', 1, 1, 2, 'a contract', :me)",
        change={"image_usd = 3": ADMIN, "entered_by = gen_random_uuid()": NOBODY, "model = 'renamed'": NOBODY},
        remove=ADMIN,
    ),
    "openai_usage": Rules(OWN_AND_ADMIN, change={"estimated_cost = 0": NOBODY}),
    "usage_books": Rules(MEMBERS, change={"last_day = '2000-01-01'": NOBODY}),
    "usage_daily": Rules(OWN_AND_ADMIN, change={"cost = 0": NOBODY}),
    "usage_daily_detail": Rules(ADMIN, change={"cost = 0": NOBODY}),
    "usage_monthly": Rules(OWN_AND_ADMIN, change={"cost = 0": NOBODY}),
    "usage_monthly_detail": Rules(OWN_AND_ADMIN, change={"cost = 0": NOBODY}),
    "usage_hourly": Rules(ADMIN, change={"cost = 0": NOBODY}),
    # Of Integrity; tests of their own show who reads the others.
    "budgets": Rules(TEACHERS, change={"amount_usd = 100": NOBODY}),
    "budget_warnings": Rules(TEACHERS, change={"percent = 100": NOBODY}),
    "audit_log": Rules(ADMIN),
    "imports": Rules(OWN_AND_ADMIN),
    "photo_batches": Rules(TEACHERS, change={"state = 'cancelled'": NOBODY}),
    "photo_jobs": Rules(TEACHERS, change={"state = 'cancelled'": NOBODY}),
    "photos": Rules(TEACHERS, change={"is_current = false": NOBODY}),
    "chat_threads": Rules(
        OWN,
        add=MEMBERS,
        new="insert into chat_threads (school_id, staff_id, title) values (:school, :me, 'Fractions')",
        change={"title = 'Renamed'": OWN, "class_id = null": NOBODY, "deleted_at = now()": NOBODY},
    ),
    "chat_messages": Rules(
        OWN,
        new="insert into chat_messages (school_id, staff_id, thread_id, place, role, kind)"
        " values (:school, :me, :chat_threads, 9, 'user', 'question')",
        change={"thumb = 'up', thumb_reason = 'Clear'": OWN, "text = 'Changed'": NOBODY, "state = 'done'": NOBODY},
    ),
    "chat_requests": Rules(
        OWN,
        new="insert into chat_requests (school_id, staff_id, thread_id, message_id, body, sent_to)"
        " values (:school, :me, :chat_threads, :chat_messages, '{}', 'api.openai.com')",
        change={"body = '{}'": NOBODY},
    ),
    "chat_tokens": Rules(
        OWN,
        add=OWN,
        new="insert into chat_tokens (school_id, staff_id, thread_id, kind, number, entity, text)"
        " values (:school, :me, :chat_threads, 'STUDENT', 2, 'someone', 'Bala')",
        change={"text = 'Changed'": NOBODY},
    ),
    "staff_sign_ins": Rules(OWN_AND_ADMIN, change={"staff_id = staff_id": NOBODY}),
    "sessions": Rules(OWN_AND_ADMIN, change={"revoked_at = null": NOBODY, "expires_at = now()": NOBODY}),
    "sign_in_attempts": Rules(NOBODY),
    "photo_replies": Rules(NOBODY),
    "demo_visits": Rules(NOBODY),
    "demo_costs": Rules(NOBODY),
    "provider_pauses": Rules(NOBODY),
}

KEYS = {
    "demo_visits": "school_id",
    "demo_costs": "school_id",
    "budget_warnings": "budget_id",
    "photo_replies": "job_id",
    "provider_pauses": "key_hash",
    "usage_daily_detail": "school_id",
    "usage_books": "school_id",
    "usage_daily": "school_id",
    "usage_monthly": "school_id",
    "usage_monthly_detail": "school_id",
    "usage_hourly": "school_id",
}

# In an order that foreign keys allow; each statement returns the key of its row.
_SEED = {
    "model_prices": "insert into model_prices (school_id, type, model, size, quality, image_usd, source, entered_by)"
    " values (:school, 'image', 'our-painter', '1024x1024', 'low', 0.02, 'a contract', :siti)",
    "guardians": "insert into guardians (school_id, full_name) values (:school, 'Lim Siew Hoon')",
    "student_guardians": "insert into student_guardians (school_id, student_id, guardian_id, relationship)"
    " values (:school, :ana, :guardians, 'mother')",
    "attendance": "insert into attendance (school_id, student_id, on_date, status)"
    " values (:school, :ana, '2026-02-02', 'present')",
    "results": "insert into results (school_id, student_id, subject, term, assessment, score, max_score, recorded_on)"
    " values (:school, :ana, 'English', 'T1', 'WA1', 15, 20, '2026-02-02')",
    "observations": "insert into observations (school_id, student_id, author_id, happened_at, kind, text)"
    " values (:school, :ana, :mei, now(), 'strength', 'Reads aloud well')",
    "cases": "insert into cases (school_id, student_id, kind, severity, summary, opened_on)"
    " values (:school, :ana, 'sen', 'low', 'Needs larger print', '2026-02-02')",
    "readiness_notes": "insert into readiness_notes (school_id, student_id, staff_id, text)"
    " values (:school, :ana, :mei, 'Bring the reading log')",
    "meetings": "insert into meetings (school_id, student_id, staff_id, starts_at, guardian_id)"
    " values (:school, :ana, :mei, '2026-11-13 14:00+08', :guardians)",
    "rate_limits": "insert into rate_limits (school_id, user_id, type, endpoint)"
    " values (:school, :mei, 'image', 'images.generate')",
    "openai_usage": "insert into openai_usage (school_id, user_id, type, model, class_id, feature, state, cost_source,"
    " estimated_cost, created_at)"
    " values (:school, :mei, 'image', 'gpt-image', :integrity, 'portrait', 'settled', 'reported', 0.04,"
    " now() - interval '2 days')",
    "budgets": "insert into budgets (school_id, class_id, amount_usd, hard) values (:school, :integrity, 5, false)",
    "budget_warnings": "insert into budget_warnings (school_id, budget_id, month, percent, amount_usd)"
    " values (:school, :budgets, '2026-02-01', 50, 5)",
    "audit_log": "insert into audit_log (school_id, actor_id, action, object)"
    " values (:school, :mei, 'use photo', 'student')",
    "imports": "insert into imports (school_id, group_id, staff_id, file_name, sha256, format, counts, changes)"
    " values (:school, :school, :mei, 'list.csv', repeat('0', 64), 'plain', '{}', '[]')",
    "photo_batches": "insert into photo_batches (school_id, class_id, requested_by) values (:school, :integrity, :mei)",
    "photo_jobs": "insert into photo_jobs (school_id, student_id, class_id, requested_by, usage_id)"
    " values (:school, :ana, :integrity, :mei, :openai_usage)",
    "photo_replies": "insert into photo_replies (school_id, job_id, bytes) values (:school, :photo_jobs, 'x')",
    "photos": "insert into photos (school_id, id, student_id, storage_key, thumb_key, address, width, height, sha256,"
    " model, style, prompt, cost_source) values (:school, :photo_jobs, :ana, 'k', 't', 'a', 1, 1, repeat('0', 64),"
    " 'gpt-image', 'photo', 'p', 'reported')",
    "chat_threads": "insert into chat_threads (school_id, staff_id, title, class_id)"
    " values (:school, :mei, 'Meeting about Ana', :integrity)",
    "chat_messages": "insert into chat_messages (school_id, staff_id, thread_id, place, role, kind, text, usage_id)"
    " values (:school, :mei, :chat_threads, 1, 'assistant', 'answer', 'Ana reads well', :openai_usage)",
    "chat_requests": "insert into chat_requests (school_id, staff_id, thread_id, message_id, body, sent_to)"
    " values (:school, :mei, :chat_threads, :chat_messages, '{}', 'api.openai.com')",
    "chat_tokens": "insert into chat_tokens (school_id, staff_id, thread_id, kind, number, entity, text)"
    " values (:school, :mei, :chat_threads, 'STUDENT', 1, 'ana', 'Ana')",
    "staff_sign_ins": "insert into staff_sign_ins (school_id, staff_id, issuer, subject)"
    " values (:school, :mei, 'https://accounts.example', 'mei')",
    "sessions": "insert into sessions (school_id, staff_id, sign_in_id, token_hash)"
    " values (:school, :mei, :staff_sign_ins, sha256('token'))",
    "sign_in_attempts": "insert into sign_in_attempts (kind, key_hash) values ('account', sha256('mei'))",
    "demo_visits": "insert into demo_visits (school_id, token_hash) values (:school, sha256('visit'))",
    "demo_costs": "insert into demo_costs (school_id, cost_usd) values (:school, 0.04)",
    "provider_pauses": "insert into provider_pauses (key_hash, paused_until, why) values (:school, now(), 'busy')",
}
_ALREADY_THERE = {
    "schools": "select id from schools where id = :school",
    "staff": "select id from staff where id = :mei",
    "classes": "select id from classes where id = :integrity",
    "class_staff": "select id from class_staff where staff_id = :mei",
    "students": "select id from students where id = :ana",
    "enrolments": "select id from enrolments where student_id = :ana",
    "limits": "select id from limits where school_id = :school and type = 'image'",
    "usage_daily": "select school_id from usage_daily where user_id = :mei",
    "usage_daily_detail": "select school_id from usage_daily_detail where school_id = :school",
    "usage_books": "select school_id from usage_books where school_id = :school",
    "usage_monthly": "select school_id from usage_monthly where user_id = :mei",
    "usage_monthly_detail": "select school_id from usage_monthly_detail where user_id = :mei",
    "usage_hourly": "select school_id from usage_hourly where school_id = :school",
}


def record_everything(owner: Connection, cast: Cast) -> dict[str, object]:
    """Inserts one row for each table; returns their keys by table, and a guardian not yet linked to Ana."""
    keys: dict[str, object] = names_of(cast)
    for table, statement in _SEED.items():
        keys[table] = owner.scalar(text(f"{statement} returning {KEYS.get(table, 'id')}"), keys)
    keys["other_guardian"] = owner.scalar(text(f"{_SEED['guardians']} returning id"), keys)
    for table, statement in _ALREADY_THERE.items():
        keys[table] = owner.scalar(text(statement), keys)
    return keys


def names_of(cast: Cast) -> dict[str, object]:
    return {
        "school": cast.mei.school_id,
        "integrity": cast.integrity,
        "courage": cast.courage,
        "ana": cast.ana,
        "bala": cast.bala,
        "mei": cast.mei.staff_id,
        "arjun": cast.arjun.staff_id,
        "siti": cast.siti.staff_id,
    }


def everyone(cast: Cast) -> Iterator[tuple[str, Person]]:
    for name in ("mei", "devi", "arjun", "siti", "ben"):
        yield name, getattr(cast, name)
