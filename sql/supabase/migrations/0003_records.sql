create table public.attendance (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null,
    student_id uuid not null,
    on_date date not null,
    session text not null default 'day',
    status text not null check (status in ('present', 'late', 'absent', 'official_absence')),
    reason text,
    created_at timestamptz not null default now(),
    unique (school_id, student_id, on_date, session),
    foreign key (school_id, student_id) references public.students (school_id, id) on delete cascade
);
comment on table public.attendance is 'A student''s attendance of one session of one day.';

create table public.results (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null,
    student_id uuid not null,
    subject text not null,
    term text not null,
    assessment text not null,
    score numeric(6, 2) check (score >= 0),
    max_score numeric(6, 2) not null check (max_score > 0),
    weight numeric(5, 2) check (weight >= 0),
    recorded_on date not null,
    created_at timestamptz not null default now(),
    check (score <= max_score),
    unique (school_id, student_id, subject, term, assessment),
    foreign key (school_id, student_id) references public.students (school_id, id) on delete cascade
);
comment on table public.results is 'A student''s result of one assessment; score is null when not taken.';

create table public.observations (
    id uuid primary key default gen_random_uuid(),
    -- Named besides the student's, so that a school's observations go before their authors.
    school_id uuid not null references public.schools (id) on delete cascade,
    student_id uuid not null,
    author_id uuid not null,
    happened_at timestamptz not null,
    kind text not null check (kind in ('strength', 'concern', 'note')),
    text text not null check (length(btrim(text)) between 1 and 4000),
    created_at timestamptz not null default now(),
    foreign key (school_id, student_id) references public.students (school_id, id) on delete cascade,
    foreign key (school_id, author_id) references public.staff (school_id, id)
);
comment on table public.observations is 'What a teacher saw of a student, good or worrying.';
create index observations_student_id_idx on public.observations (student_id, happened_at);
create index observations_author_id_idx on public.observations (author_id);

create table public.cases (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null,
    student_id uuid not null,
    kind text not null check (kind in ('discipline', 'sen', 'counselling', 'career')),
    severity text not null check (severity in ('low', 'medium', 'high')),
    status text not null default 'open' check (status in ('open', 'in_progress', 'closed')),
    summary text not null check (length(btrim(summary)) between 1 and 4000),
    opened_on date not null,
    closed_on date,
    created_at timestamptz not null default now(),
    check (closed_on >= opened_on),
    check ((status = 'closed') = (closed_on is not null)),
    foreign key (school_id, student_id) references public.students (school_id, id) on delete cascade
);
comment on table public.cases is 'A matter that the form teacher and the school follow up; the most sensitive record.';
create index cases_student_id_idx on public.cases (student_id);

create table public.readiness_notes (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null,
    student_id uuid not null,
    staff_id uuid not null,
    override text,
    text text check (length(text) <= 4000),
    created_at timestamptz not null default now(),
    unique (school_id, student_id, staff_id),
    foreign key (school_id, student_id) references public.students (school_id, id) on delete cascade,
    foreign key (school_id, staff_id) references public.staff (school_id, id) on delete cascade
);
comment on table public.readiness_notes is 'A teacher''s own word on a student''s readiness for a meeting.';
create index readiness_notes_staff_id_idx on public.readiness_notes (staff_id);
