create table public.meetings (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null,
    student_id uuid not null,
    staff_id uuid not null,
    starts_at timestamptz not null,
    guardian_id uuid,
    note text check (length(note) <= 4000),
    created_at timestamptz not null default now(),
    unique (school_id, staff_id, student_id, starts_at),
    foreign key (school_id, student_id) references public.students (school_id, id) on delete cascade,
    foreign key (school_id, staff_id) references public.staff (school_id, id) on delete cascade,
    -- A guardian of this very student, or nobody once they no longer are.
    foreign key (school_id, student_id, guardian_id)
    references public.student_guardians (school_id, student_id, guardian_id) on delete set null (guardian_id)
);
comment on table public.meetings is
'A meeting about a student with whoever comes for them; staff_id holds it, guardian_id is null where it is not known.';
create index meetings_staff_id_starts_at_idx on public.meetings (staff_id, starts_at);
create index meetings_student_id_idx on public.meetings (student_id, guardian_id);

alter table public.meetings enable row level security;
revoke all on public.meetings from public, anon, authenticated, service_role;
grant select on public.meetings to authenticated;
grant insert (id, school_id, student_id, staff_id, starts_at, guardian_id, note),
update (starts_at, guardian_id, note), delete
on public.meetings to authenticated;
grant select, insert, update, delete on public.meetings to service_role;

create policy "teachers read their students' meetings, admins the school's" on public.meetings
for select to authenticated
using (
    student_id in (select private.my_student_ids())
    or (school_id = (select private.my_school_id()) and (select private.is_admin()))
);
create policy "teachers arrange their own meetings about their students" on public.meetings
for insert to authenticated
with check (
    school_id = (select private.my_school_id()) and staff_id = (select private.me())
    and (student_id in (select private.my_student_ids()) or (select private.is_admin()))
);
create policy "people change their own meetings" on public.meetings
for update to authenticated
using (staff_id = (select private.me())) with check (staff_id = (select private.me()));
create policy "people call off their own meetings" on public.meetings
for delete to authenticated using (staff_id = (select private.me()));

create trigger audit_added_or_removed after insert or delete on public.meetings
for each row execute function private.audit_record('meeting');
create trigger audit_corrected after update on public.meetings for each row
when (old.* is distinct from new.*) execute function private.audit_record('meeting');
