create table public.schools (
    id uuid primary key default gen_random_uuid(),
    sourced_id text,
    name text not null check (length(btrim(name)) between 1 and 200),
    time_zone text not null default 'Asia/Singapore',
    locale text not null default 'en-SG',
    kind text not null default 'real' check (kind in ('demo', 'real')),
    settings jsonb not null default '{}' check (jsonb_typeof(settings) = 'object'),
    created_at timestamptz not null default now()
);
comment on table public.schools is 'A school; everything else belongs to one.';

create table public.staff (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null references public.schools (id) on delete cascade,
    sourced_id text,
    email text check (email like '%_@_%'),
    full_name text not null check (length(btrim(full_name)) between 1 and 200),
    name_to_check boolean not null default false,
    role text not null default 'teacher' check (role in ('teacher', 'admin')),
    active boolean not null default true,
    created_at timestamptz not null default now(),
    unique (school_id, id),
    unique (school_id, sourced_id)
);
comment on table public.staff is 'A member of a school''s staff; email is null until it is known.';
create unique index staff_school_id_email_key on public.staff (school_id, lower(email));

create table public.classes (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null references public.schools (id) on delete cascade,
    sourced_id text,
    name text not null check (length(btrim(name)) between 1 and 200),
    level text,
    kind text not null default 'form' check (kind in ('form', 'subject', 'cca')),
    subject text,
    school_year smallint not null check (school_year between 2000 and 2200),
    archived_at timestamptz,
    created_at timestamptz not null default now(),
    unique (school_id, id),
    unique (school_id, sourced_id)
);
comment on table public.classes is 'A form class, subject class or CCA of one school year.';
create unique index classes_current_form_class_key on public.classes (school_id, school_year, lower(name))
where kind = 'form' and archived_at is null;

create table public.class_staff (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null,
    class_id uuid not null,
    staff_id uuid not null,
    role text not null check (role in ('form', 'subject')),
    created_at timestamptz not null default now(),
    unique (school_id, class_id, staff_id),
    foreign key (school_id, class_id) references public.classes (school_id, id) on delete cascade,
    foreign key (school_id, staff_id) references public.staff (school_id, id) on delete cascade
);
comment on table public.class_staff is 'A teacher of a class; role form makes them its form teacher.';
create index class_staff_staff_id_idx on public.class_staff (staff_id, role);

create table public.students (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null references public.schools (id) on delete cascade,
    sourced_id text,
    full_name text not null check (length(btrim(full_name)) between 1 and 200),
    name_to_check boolean not null default false,
    preferred_name text check (length(btrim(preferred_name)) between 1 and 200),
    gender text check (gender in ('female', 'male')),
    birth_year smallint check (birth_year between 1900 and 2200),
    level text,
    status text not null default 'active' check (status in ('active', 'left')),
    profile_photo text,
    portraits_allowed boolean not null default true,
    created_at timestamptz not null default now(),
    unique (school_id, id),
    unique (school_id, sourced_id)
);
comment on table public.students is
'A student; the name stands as the school wrote it, and name_to_check says that it is only a user name.';
comment on column public.students.profile_photo is
'Address of the current portrait: the bucket''s when that is public, else the app''s own.';

create table public.enrolments (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null,
    class_id uuid not null,
    student_id uuid not null,
    index_no smallint check (index_no >= 1),
    from_date date not null default current_date,
    to_date date,
    created_at timestamptz not null default now(),
    check (to_date >= from_date),
    foreign key (school_id, class_id) references public.classes (school_id, id) on delete cascade,
    foreign key (school_id, student_id) references public.students (school_id, id) on delete cascade
);
comment on table public.enrolments is 'A student''s time in a class; to_date is null while it lasts.';
create unique index enrolments_current_key on public.enrolments (school_id, class_id, student_id)
where to_date is null;
create index enrolments_student_id_idx on public.enrolments (student_id);
create index enrolments_class_id_idx on public.enrolments (class_id);

create table public.guardians (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null references public.schools (id) on delete cascade,
    full_name text not null check (length(btrim(full_name)) between 1 and 200),
    email text,
    phone text,
    language text,
    created_at timestamptz not null default now(),
    unique (school_id, id)
);
comment on table public.guardians is 'A parent or guardian and how to reach them.';

create table public.student_guardians (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null,
    student_id uuid not null,
    guardian_id uuid not null,
    relationship text not null,
    priority smallint not null default 1 check (priority >= 1),
    created_at timestamptz not null default now(),
    unique (school_id, student_id, guardian_id),
    foreign key (school_id, student_id) references public.students (school_id, id) on delete cascade,
    foreign key (school_id, guardian_id) references public.guardians (school_id, id) on delete cascade
);
comment on table public.student_guardians is 'A guardian of a student; the lowest priority is asked first.';
create index student_guardians_guardian_id_idx on public.student_guardians (guardian_id);
