-- How many of a person's wishes stand before one that is asked for now; those of paused batches take no slots.
create function private.batch_jobs_ahead(p_school uuid, p_staff uuid, p_not_of uuid) returns integer
language sql stable security definer set search_path = ''
as $$
    select count(*)::integer
    from public.photo_jobs as j
    inner join public.photo_batches as b on j.batch_id = b.id
    where j.school_id = p_school and j.requested_by is not distinct from p_staff and j.state = 'queued'
        and b.state = 'running' and b.id is distinct from p_not_of
$$;

create function private.my_slots_open_at(p_type text, p_many integer) returns timestamptz[]
language plpgsql volatile security definer set search_path = ''
as $$
declare
    ahead integer := private.batch_jobs_ahead(private.my_school_id(), private.me(), null);
begin
    if private.me() is null then
        raise exception 'nobody is signed in' using errcode = '42501';
    end if;
    return (
        private.slots_open_at(private.my_school_id(), private.me(), p_type, ahead + least(greatest(p_many, 0), 1000))
    )[ahead + 1 :];
end
$$;
comment on function private.my_slots_open_at(text, integer) is
'When so many wishes of the caller would start if they were asked for now.';
grant execute on function private.my_slots_open_at(text, integer) to authenticated;

create function private.may_see_class(p_class uuid) returns boolean
language sql stable security definer set search_path = ''
as $$
    select exists (
        select from public.classes as c
        where c.id = p_class
            and (
                c.id in (select private.my_class_ids())
                or (c.school_id = private.my_school_id() and private.is_admin())
            )
    )
$$;
grant execute on function private.may_see_class(uuid) to authenticated;

-- The queue's trigger names its tables without a schema, so this path is theirs and not empty.
create function private.forget_turns(p_batch uuid) returns void
language sql volatile security definer set search_path = procrastinate, pg_temp
as $$
    delete from procrastinate.procrastinate_jobs as q
    where q.status = 'todo' and q.args ->> 'job_id' in (
        select j.id::text from public.photo_jobs as j where j.batch_id = p_batch and j.state = 'queued'
    )
$$;
comment on function private.forget_turns(uuid) is
'Takes a batch''s waiting jobs out of the queue; called by our own functions.';

-- Gives each waiting job of a batch the time when its slot opens, and one turn in the queue.
create function private.line_up(p_batch uuid) returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
    batch public.photo_batches;
    who record;
    job record;
    slots timestamptz[];
    starts_at timestamptz;
    taken integer;
begin
    select b.* into batch from public.photo_batches as b where b.id = p_batch;
    perform private.forget_turns(p_batch);
    for who in
        select j.requested_by, count(*)::integer as many from public.photo_jobs as j
        where j.batch_id = p_batch and j.state = 'queued'
        group by j.requested_by
    loop
        taken := private.batch_jobs_ahead(batch.school_id, who.requested_by, p_batch);
        slots := private.slots_open_at(batch.school_id, who.requested_by, 'batch_image', taken + who.many);
        for job in
            select j.id from public.photo_jobs as j
            where j.batch_id = p_batch and j.state = 'queued' and j.requested_by is not distinct from who.requested_by
            order by j.created_at, j.place
            for update skip locked
        loop
            taken := taken + 1;
            starts_at := case when slots[taken] > clock_timestamp() then slots[taken] end;
            update public.photo_jobs as j
            set not_before = starts_at, wait_reason = case when starts_at is not null then 'slot' end
            where j.id = job.id;
            perform private.defer_portrait(job.id, starts_at);
        end loop;
    end loop;
end
$$;
comment on function private.line_up(uuid) is 'Called by our own functions, with the batch locked.';

-- A second click finds the batch of the first. Left out is who may have no portrait, has one under way,
-- or has one that may have been charged and waits for a person's decision.
create function private.request_batch_for(
    p_staff uuid, p_class uuid, p_students uuid[], p_only_without boolean, p_options jsonb
) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
    class public.classes;
    batch uuid;
begin
    select c.* into class from public.classes as c where c.id = p_class and c.archived_at is null;
    if class.id is null then
        raise exception 'unknown class' using errcode = '42501';
    end if;
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(p_class::text || '/class photos', 7));
    select b.id into batch from public.photo_batches as b
    where b.class_id = p_class and b.state in ('running', 'paused');
    if batch is not null then
        return batch;
    end if;
    insert into public.photo_batches (school_id, class_id, requested_by, options)
    values (class.school_id, p_class, p_staff, p_options)
    returning id into batch;
    insert into public.photo_jobs (school_id, student_id, class_id, requested_by, type, options, batch_id, place)
    select
        class.school_id, s.id, p_class, p_staff, 'batch_image', jsonb_build_object('style', p_options -> 'style'), batch,
        row_number() over (order by e.index_no nulls last, s.full_name)
    from public.enrolments as e
    inner join public.students as s on e.student_id = s.id
    left join lateral (
        select j.state, j.decided_at from public.photo_jobs as j
        where j.student_id = s.id
        order by j.created_at desc
        limit 1
    ) as newest on true
    where e.class_id = p_class and e.to_date is null and s.id = any(p_students)
        and s.status = 'active' and s.portraits_allowed
        and not (newest.state is not distinct from 'unconfirmed' and newest.decided_at is null)
        and not (p_only_without and exists (select from public.photos as p where p.student_id = s.id and p.is_current))
    on conflict (school_id, student_id) where state in ('queued', 'reserved', 'calling', 'received') do nothing;
    if not found then
        raise exception 'nobody is left' using errcode = 'SR416';
    end if;
    perform private.line_up(batch);
    perform private.write_audit(
        class.school_id, p_staff, 'start class photos', 'class ' || p_class, null,
        jsonb_build_object(
            'batch', batch, 'students', (select count(*) from public.photo_jobs as j where j.batch_id = batch)
        ) || p_options
    );
    return batch;
end
$$;
comment on function private.request_batch_for(uuid, uuid, uuid[], boolean, jsonb) is
'The class''s one active batch, made now unless there was one.';
grant execute on function private.request_batch_for(uuid, uuid, uuid[], boolean, jsonb) to service_role;

create function private.request_batch(p_class uuid, p_students uuid[], p_only_without boolean, p_options jsonb)
returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
begin
    if private.me() is null or not private.may_see_class(p_class) then
        raise exception 'unknown class' using errcode = '42501';
    end if;
    return private.request_batch_for(private.me(), p_class, p_students, p_only_without, p_options);
end
$$;
grant execute on function private.request_batch(uuid, uuid[], boolean, jsonb) to authenticated;

create function private.seen_batch(p_batch uuid) returns public.photo_batches
language plpgsql volatile security definer set search_path = ''
as $$
declare
    batch public.photo_batches;
begin
    select b.* into batch from public.photo_batches as b
    where b.id = p_batch
        and (private.may_see_class(b.class_id) or (b.school_id = private.my_school_id() and private.is_admin()))
    for no key update;
    if batch.id is null then
        raise exception 'unknown batch' using errcode = '42501';
    end if;
    return batch;
end
$$;
comment on function private.seen_batch(uuid) is 'A batch that the caller may see, locked; called by our own functions.';

create function private.pause_batch(p_batch uuid) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
declare
    batch public.photo_batches := private.seen_batch(p_batch);
begin
    if batch.state <> 'running' then
        return false;
    end if;
    update public.photo_batches as b set state = 'paused', pause_reason = 'asked' where b.id = p_batch;
    perform private.write_audit(
        batch.school_id, private.me(), 'pause class photos', 'class ' || batch.class_id, null,
        jsonb_build_object('batch', p_batch)
    );
    return true;
end
$$;
comment on function private.pause_batch(uuid) is 'What is being made already is finished; false when it did not run.';
grant execute on function private.pause_batch(uuid) to authenticated;

create function private.resume_batch(p_batch uuid) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
declare
    batch public.photo_batches := private.seen_batch(p_batch);
begin
    if batch.state <> 'paused' then
        return false;
    end if;
    update public.photo_batches as b set state = 'running', pause_reason = null, message = null where b.id = p_batch;
    perform private.line_up(p_batch);
    perform private.write_audit(
        batch.school_id, private.me(), 'resume class photos', 'class ' || batch.class_id,
        jsonb_build_object('pause_reason', batch.pause_reason), jsonb_build_object('batch', p_batch)
    );
    return true;
end
$$;
grant execute on function private.resume_batch(uuid) to authenticated;

create function private.cancel_batch(p_batch uuid) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
declare
    batch public.photo_batches := private.seen_batch(p_batch);
begin
    if batch.state not in ('running', 'paused') then
        return false;
    end if;
    update public.photo_batches as b
    set state = 'cancelled', pause_reason = null, message = null
    where b.id = p_batch;
    -- One that is locked is being ended by a worker; whatever comes back to the queue is cancelled when it is claimed.
    update public.photo_jobs as j
    set state = 'cancelled', finished_at = clock_timestamp(), not_before = null, wait_reason = null
    where j.id in (
        select w.id from public.photo_jobs as w
        where w.batch_id = p_batch and w.state = 'queued'
        for update skip locked
    );
    perform private.write_audit(
        batch.school_id, private.me(), 'cancel class photos', 'class ' || batch.class_id, null,
        jsonb_build_object('batch', p_batch)
    );
    return true;
end
$$;
comment on function private.cancel_batch(uuid) is
'What is being made already is finished, the rest is not started; false when it was over.';
grant execute on function private.cancel_batch(uuid) to authenticated;

-- A new job for each student whose latest one is of this batch and ended so; the batch goes on with them.
create function private.retry_batch(p_batch uuid, p_state text, p_student uuid default null) returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
    batch public.photo_batches := private.seen_batch(p_batch);
    many integer;
begin
    if p_state not in ('failed', 'unconfirmed') then
        raise exception 'only what was not made is tried again' using errcode = '22023';
    end if;
    -- As a new batch of the class does, so that one of the two sees the other.
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(batch.class_id::text || '/class photos', 7));
    if batch.state in ('cancelled', 'finished') and exists (
        select from public.photo_batches as b
        where b.class_id = batch.class_id and b.state in ('running', 'paused')
    ) then
        raise exception 'another batch of this class runs' using errcode = 'SR417';
    end if;
    insert into public.photo_jobs
    (school_id, student_id, class_id, requested_by, type, options, batch_id, place, retry_of)
    select
        j.school_id, j.student_id, j.class_id, private.me(), 'batch_image',
        jsonb_build_object('style', j.options -> 'style'), p_batch, j.place, j.id
    from public.photo_jobs as j
    inner join public.students as s on j.student_id = s.id
    where j.batch_id = p_batch and j.state = p_state and (p_student is null or j.student_id = p_student)
        and s.status = 'active' and s.portraits_allowed and private.may_see_student(s.id)
        and not exists (
            select from public.photo_jobs as later
            where later.student_id = j.student_id and later.created_at > j.created_at
        )
    on conflict (school_id, student_id) where state in ('queued', 'reserved', 'calling', 'received') do nothing;
    get diagnostics many = row_count;
    if many = 0 then
        return 0;
    end if;
    if batch.state in ('cancelled', 'finished') then
        update public.photo_batches as b
        set state = 'running', started_at = clock_timestamp(), finished_at = null
        where b.id = p_batch;
    end if;
    if batch.state <> 'paused' then
        perform private.line_up(p_batch);
    end if;
    perform private.write_audit(
        batch.school_id, private.me(), 'retry class photos', 'class ' || batch.class_id, null,
        jsonb_build_object('batch', p_batch, 'state', p_state, 'students', many)
    );
    return many;
end
$$;
comment on function private.retry_batch(uuid, text, uuid) is
'How many are tried again; 0 when somebody else was quicker.';
grant execute on function private.retry_batch(uuid, text, uuid) to authenticated;

create function private.leave_unconfirmed(p_job uuid) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
declare
    job public.photo_jobs;
begin
    update public.photo_jobs as j set decided_at = clock_timestamp()
    where j.id = p_job and j.state = 'unconfirmed' and j.decided_at is null and private.may_see_student(j.student_id)
    returning j.* into job;
    if job.id is null then
        return false;
    end if;
    perform private.write_audit(
        job.school_id, private.me(), 'leave unconfirmed portrait', 'student ' || job.student_id, null,
        jsonb_build_object('job', job.id, 'cost_usd', job.cost_usd)
    );
    return true;
end
$$;
comment on function private.leave_unconfirmed(uuid) is
'The decision to pay no second time; the possible cost stays in the ledger, and a late reply is still taken.';
grant execute on function private.leave_unconfirmed(uuid) to authenticated;
