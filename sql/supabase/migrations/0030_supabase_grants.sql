-- Each of our tables says who may do what with it. What is made later starts with nothing as well, whether the project
-- is from before 2026-10-30, when everybody got everything by default, or from after it.
alter default privileges in schema public revoke all on tables from public, anon, authenticated, service_role;
alter default privileges in schema public revoke all on sequences from public, anon, authenticated, service_role;
alter default privileges in schema public revoke all on functions from public, anon, authenticated, service_role;

-- The queue's functions name their tables without a schema; now they find them whoever calls.
do $$
declare
    routine regprocedure;
begin
    for routine in
        select p.oid from pg_catalog.pg_proc as p where p.pronamespace = 'procrastinate'::regnamespace
    loop
        execute format('alter routine %s set search_path = procrastinate, pg_temp', routine);
    end loop;
end
$$;

-- Two policies for the same reading are both asked for each row.
drop policy "teachers read their students' portrait jobs, admins the school's" on public.photo_jobs;
drop policy "teachers read the portrait jobs of their classes' batches" on public.photo_jobs;
create policy "teachers read portrait jobs of their own, admins the school's" on public.photo_jobs
for select to authenticated
using (
    student_id in (select private.my_student_ids())
    or batch_id in (select private.my_batch_ids())
    or (school_id = (select private.my_school_id()) and (select private.is_admin()))
);
