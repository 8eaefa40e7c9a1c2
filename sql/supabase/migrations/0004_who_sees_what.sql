-- Who is asking. Policies call these as `(select private.…())`, so that each runs once a statement.

create function private.me() returns uuid
language sql stable security definer set search_path = ''
as $$
    select s.id
    from public.staff as s
    where s.id = (
        select (claims.body ->> 'sub')::uuid
        from (select nullif(current_setting('request.jwt.claims', true), '')::jsonb as body) as claims
        where claims.body ->> 'iss' = 'staffroom'
    )
    and s.active
$$;
comment on function private.me() is 'The staff id of the current claims, null for anyone unknown or no longer active.';

create function private.my_school_id() returns uuid
language sql stable security definer set search_path = ''
as $$
    select s.school_id from public.staff as s where s.id = private.me()
$$;

create function private.is_admin() returns boolean
language sql stable security definer set search_path = ''
as $$
    select coalesce((select s.role = 'admin' from public.staff as s where s.id = private.me()), false)
$$;

-- An archived class gives its teachers nothing any more; admins go by the school.
create function private.my_class_ids() returns setof uuid
language sql stable security definer set search_path = ''
as $$
    select cs.class_id
    from public.class_staff as cs
    inner join public.classes as c on cs.class_id = c.id
    where cs.staff_id = private.me() and c.archived_at is null
$$;

create function private.my_student_ids() returns setof uuid
language sql stable security definer set search_path = ''
as $$
    select e.student_id
    from public.class_staff as cs
    inner join public.classes as c on cs.class_id = c.id
    inner join public.enrolments as e on cs.class_id = e.class_id
    where cs.staff_id = private.me() and c.archived_at is null and e.to_date is null
$$;

create function private.my_form_student_ids() returns setof uuid
language sql stable security definer set search_path = ''
as $$
    select e.student_id
    from public.class_staff as cs
    inner join public.classes as c on cs.class_id = c.id
    inner join public.enrolments as e on cs.class_id = e.class_id
    where cs.staff_id = private.me() and cs.role = 'form' and c.archived_at is null and e.to_date is null
$$;

create function private.my_form_guardian_ids() returns setof uuid
language sql stable security definer set search_path = ''
as $$
    select sg.guardian_id
    from public.student_guardians as sg
    where sg.student_id in (select private.my_form_student_ids())
$$;

grant execute on all functions in schema private to authenticated;

-- Tables that a person reads through policies. What they may write is granted beside each policy.
do $$
declare
    name text;
begin
    foreach name in array array[
        'schools', 'staff', 'classes', 'class_staff', 'students', 'enrolments', 'guardians', 'student_guardians',
        'attendance', 'results', 'observations', 'cases', 'readiness_notes'
    ] loop
        execute format('alter table public.%I enable row level security', name);
        execute format('revoke all on public.%I from public, anon, authenticated, service_role', name);
        execute format('grant select on public.%I to authenticated', name);
        execute format('grant select, insert, update, delete on public.%I to service_role', name);
    end loop;
end
$$;

create policy "members read their school" on public.schools
for select to authenticated using (id = (select private.my_school_id()));
grant update (name, time_zone, locale, settings) on public.schools to authenticated;
create policy "admins change their school" on public.schools
for update to authenticated
using (id = (select private.my_school_id()) and (select private.is_admin()))
with check (id = (select private.my_school_id()));

create policy "members read their colleagues" on public.staff
for select to authenticated using (school_id = (select private.my_school_id()));
grant insert (id, school_id, sourced_id, email, full_name, role) on public.staff to authenticated;
grant update (sourced_id, email, full_name, name_to_check, role, active) on public.staff to authenticated;
create policy "admins add colleagues" on public.staff
for insert to authenticated
with check (school_id = (select private.my_school_id()) and (select private.is_admin()));
create policy "admins change colleagues" on public.staff
for update to authenticated
using (school_id = (select private.my_school_id()) and (select private.is_admin()))
with check (school_id = (select private.my_school_id()));

create policy "teachers read their classes, admins the school's" on public.classes
for select to authenticated
using (
    id in (select private.my_class_ids())
    or (school_id = (select private.my_school_id()) and (select private.is_admin()))
);
grant insert (id, school_id, sourced_id, name, level, kind, subject, school_year) on public.classes to authenticated;
grant update (sourced_id, name, level, kind, subject, school_year, archived_at) on public.classes to authenticated;
create policy "admins add classes" on public.classes
for insert to authenticated
with check (school_id = (select private.my_school_id()) and (select private.is_admin()));
create policy "admins change classes" on public.classes
for update to authenticated
using (school_id = (select private.my_school_id()) and (select private.is_admin()))
with check (school_id = (select private.my_school_id()));

create policy "teachers read who teaches their classes, admins the school's" on public.class_staff
for select to authenticated
using (
    class_id in (select private.my_class_ids())
    or (school_id = (select private.my_school_id()) and (select private.is_admin()))
);
grant insert (id, school_id, class_id, staff_id, role), update (role), delete on public.class_staff to authenticated;
create policy "admins add teachers to classes" on public.class_staff
for insert to authenticated
with check (school_id = (select private.my_school_id()) and (select private.is_admin()));
create policy "admins change who teaches a class" on public.class_staff
for update to authenticated
using (school_id = (select private.my_school_id()) and (select private.is_admin()))
with check (school_id = (select private.my_school_id()));
create policy "admins take teachers out of classes" on public.class_staff
for delete to authenticated
using (school_id = (select private.my_school_id()) and (select private.is_admin()));

create policy "teachers read their students, admins the school's" on public.students
for select to authenticated
using (
    id in (select private.my_student_ids())
    or (school_id = (select private.my_school_id()) and (select private.is_admin()))
);
grant insert (
    id, school_id, sourced_id, full_name, name_to_check, preferred_name, gender, birth_year, level, status,
    portraits_allowed
) on public.students to authenticated;
grant update (
    sourced_id, full_name, name_to_check, preferred_name, gender, birth_year, level, status, portraits_allowed
) on public.students to authenticated;
create policy "admins add students" on public.students
for insert to authenticated
with check (school_id = (select private.my_school_id()) and (select private.is_admin()));
create policy "admins and the student's teachers change students" on public.students
for update to authenticated
using (
    id in (select private.my_student_ids())
    or (school_id = (select private.my_school_id()) and (select private.is_admin()))
)
with check (school_id = (select private.my_school_id()));

-- A policy can't compare columns, so a trigger holds teachers to the preferred name.
create function private.hold_teachers_to_the_preferred_name() returns trigger
language plpgsql set search_path = ''
as $$
begin
    if current_user = 'authenticated' and not private.is_admin()
        and to_jsonb(new) - 'preferred_name' is distinct from to_jsonb(old) - 'preferred_name' then
        raise exception 'teachers change the preferred name only' using errcode = '42501';
    end if;
    return new;
end
$$;
create trigger hold_teachers_to_the_preferred_name before update on public.students
for each row execute function private.hold_teachers_to_the_preferred_name();

create policy "teachers read their classes' enrolments, admins the school's" on public.enrolments
for select to authenticated
using (
    class_id in (select private.my_class_ids())
    or (school_id = (select private.my_school_id()) and (select private.is_admin()))
);
grant insert (id, school_id, class_id, student_id, index_no, from_date), update (index_no, from_date, to_date)
on public.enrolments to authenticated;
create policy "admins enrol students" on public.enrolments
for insert to authenticated
with check (school_id = (select private.my_school_id()) and (select private.is_admin()));
create policy "admins change enrolments" on public.enrolments
for update to authenticated
using (school_id = (select private.my_school_id()) and (select private.is_admin()))
with check (school_id = (select private.my_school_id()));

create policy "form teachers read their students' guardians, admins the school's" on public.guardians
for select to authenticated
using (
    id in (select private.my_form_guardian_ids())
    or (school_id = (select private.my_school_id()) and (select private.is_admin()))
);
grant insert (id, school_id, full_name, email, phone, language), update (full_name, email, phone, language), delete
on public.guardians to authenticated;
create policy "admins add guardians" on public.guardians
for insert to authenticated
with check (school_id = (select private.my_school_id()) and (select private.is_admin()));
create policy "admins change guardians" on public.guardians
for update to authenticated
using (school_id = (select private.my_school_id()) and (select private.is_admin()))
with check (school_id = (select private.my_school_id()));
create policy "admins remove guardians" on public.guardians
for delete to authenticated
using (school_id = (select private.my_school_id()) and (select private.is_admin()));

create policy "form teachers read whose guardian someone is, admins the school's" on public.student_guardians
for select to authenticated
using (
    student_id in (select private.my_form_student_ids())
    or (school_id = (select private.my_school_id()) and (select private.is_admin()))
);
grant insert (id, school_id, student_id, guardian_id, relationship, priority), update (relationship, priority), delete
on public.student_guardians to authenticated;
create policy "admins link guardians" on public.student_guardians
for insert to authenticated
with check (school_id = (select private.my_school_id()) and (select private.is_admin()));
create policy "admins change guardians' links" on public.student_guardians
for update to authenticated
using (school_id = (select private.my_school_id()) and (select private.is_admin()))
with check (school_id = (select private.my_school_id()));
create policy "admins unlink guardians" on public.student_guardians
for delete to authenticated
using (school_id = (select private.my_school_id()) and (select private.is_admin()));

grant insert (id, school_id, student_id, on_date, session, status, reason), update (status, reason), delete
on public.attendance to authenticated;
create policy "teachers keep their students' attendance, admins the school's" on public.attendance
for all to authenticated
using (
    student_id in (select private.my_student_ids())
    or (school_id = (select private.my_school_id()) and (select private.is_admin()))
)
with check (
    school_id = (select private.my_school_id())
    and (student_id in (select private.my_student_ids()) or (select private.is_admin()))
);

grant insert (id, school_id, student_id, subject, term, assessment, score, max_score, weight, recorded_on),
update (score, max_score, weight, recorded_on), delete
on public.results to authenticated;
create policy "teachers keep their students' results, admins the school's" on public.results
for all to authenticated
using (
    student_id in (select private.my_student_ids())
    or (school_id = (select private.my_school_id()) and (select private.is_admin()))
)
with check (
    school_id = (select private.my_school_id())
    and (student_id in (select private.my_student_ids()) or (select private.is_admin()))
);

create policy "teachers read their students' observations, admins the school's" on public.observations
for select to authenticated
using (
    student_id in (select private.my_student_ids())
    or (school_id = (select private.my_school_id()) and (select private.is_admin()))
);
grant insert (id, school_id, student_id, author_id, happened_at, kind, text), update (happened_at, kind, text), delete
on public.observations to authenticated;
create policy "teachers write observations of their students" on public.observations
for insert to authenticated
with check (
    school_id = (select private.my_school_id()) and author_id = (select private.me())
    and (student_id in (select private.my_student_ids()) or (select private.is_admin()))
);
create policy "authors change their observations" on public.observations
for update to authenticated
using (author_id = (select private.me())) with check (author_id = (select private.me()));
create policy "authors remove their observations" on public.observations
for delete to authenticated using (author_id = (select private.me()));

grant insert (id, school_id, student_id, kind, severity, status, summary, opened_on, closed_on),
update (severity, status, summary, opened_on, closed_on)
on public.cases to authenticated;
create policy "form teachers keep their students' cases, admins the school's" on public.cases
for all to authenticated
using (
    student_id in (select private.my_form_student_ids())
    or (school_id = (select private.my_school_id()) and (select private.is_admin()))
)
with check (
    school_id = (select private.my_school_id())
    and (student_id in (select private.my_form_student_ids()) or (select private.is_admin()))
);

create policy "teachers read notes on their students, admins the school's" on public.readiness_notes
for select to authenticated
using (
    student_id in (select private.my_student_ids())
    or (school_id = (select private.my_school_id()) and (select private.is_admin()))
);
grant insert (id, school_id, student_id, staff_id, override, text), update (override, text), delete
on public.readiness_notes to authenticated;
create policy "teachers write notes on their students" on public.readiness_notes
for insert to authenticated
with check (
    school_id = (select private.my_school_id()) and staff_id = (select private.me())
    and (student_id in (select private.my_student_ids()) or (select private.is_admin()))
);
create policy "authors change their notes" on public.readiness_notes
for update to authenticated
using (staff_id = (select private.me())) with check (staff_id = (select private.me()));
create policy "authors remove their notes" on public.readiness_notes
for delete to authenticated using (staff_id = (select private.me()));
