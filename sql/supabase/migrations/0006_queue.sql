grant usage on schema procrastinate to service_role, staffroom_worker;
grant select, insert, update, delete on all tables in schema procrastinate to service_role, staffroom_worker;
grant usage, select on all sequences in schema procrastinate to service_role, staffroom_worker;
grant execute on all functions in schema procrastinate to service_role, staffroom_worker;

-- Start-up options don't survive every pooler, so the worker's path is the login's own.
alter role staffroom_worker set search_path = public, procrastinate;

-- The queue's functions name their tables without a schema, so this path is theirs and not empty.
create function private.defer_job(p_task text, p_args jsonb, p_priority integer, p_starts_at timestamptz)
returns bigint
language sql security definer set search_path = procrastinate, pg_temp
as $$
    select (
        procrastinate.procrastinate_defer_jobs_v1(array[
            row('photos', p_task, p_priority, null, null, p_args, p_starts_at)::procrastinate.procrastinate_job_to_defer_v1
        ])
    )[1]
$$;
comment on function private.defer_job(text, jsonb, integer, timestamptz) is
'Puts a job into the queue within the caller''s transaction; called by our own functions and the worker.';
grant execute on function private.defer_job(text, jsonb, integer, timestamptz) to service_role;
