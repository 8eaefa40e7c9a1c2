-- As before, and for a batch: paused ones take no slot, cancelled ones end here,
-- and who gets no slot hears when those before it in line will have had theirs.
create or replace function private.claim_portrait(
    p_job uuid, p_worker text, p_key_hash text, p_model text, p_held numeric
)
returns table (outcome text, starts_at timestamptz, usage_id uuid, attempt smallint)
language plpgsql volatile security definer set search_path = ''
as $$
declare
    job public.photo_jobs;
    student public.students;
    batch_state text;
    opens timestamptz;
    reason text;
    usage uuid;
begin
    select b.state into batch_state from public.photo_batches as b
    where b.id = (select j.batch_id from public.photo_jobs as j where j.id = p_job)
    for no key update;
    select j.* into job from public.photo_jobs as j where j.id = p_job for update;
    if job.id is null or job.state <> 'queued' then
        return query select coalesce(job.state, 'gone'), null::timestamptz, job.usage_id, job.attempt;
        return;
    end if;
    if batch_state = 'cancelled' then
        update public.photo_jobs as j
        set state = 'cancelled', finished_at = clock_timestamp(), not_before = null, wait_reason = null
        where j.id = p_job;
    end if;
    if batch_state in ('paused', 'cancelled') then
        return query select batch_state, null::timestamptz, null::uuid, job.attempt;
        return;
    end if;
    select s.* into student from public.students as s where s.id = job.student_id;
    if student.status <> 'active' or not student.portraits_allowed
        or not private.may_still_ask(job.requested_by, job.student_id) then
        return query select 'not_allowed'::text, null::timestamptz, null::uuid, job.attempt;
        return;
    end if;
    select p.paused_until, 'provider' into opens, reason from public.provider_pauses as p
    where p.key_hash = p_key_hash and p.paused_until > clock_timestamp();
    if opens is null then
        opens := private.take_slot_for(job.school_id, job.requested_by, job.type, 'images.generate');
        reason := 'slot';
        if opens is not null and job.batch_id is not null then
            opens := greatest(opens, private.turn_of(job));
        end if;
    end if;
    if opens is not null then
        update public.photo_jobs as j set not_before = opens, wait_reason = reason where j.id = p_job;
        return query select 'wait'::text, opens, null::uuid, job.attempt;
        return;
    end if;
    insert into public.openai_usage (
        school_id, user_id, type, model, job_id, attempt, state, held_cost, feature, class_id, request_data
    )
    values (
        job.school_id, job.requested_by, job.type, p_model, job.id, job.attempt + 1, 'reserved', p_held, 'portrait',
        job.class_id, jsonb_build_object('style', job.options ->> 'style')
    )
    returning id into usage;
    update public.photo_jobs as j
    set state = 'reserved', attempt = job.attempt + 1, worker_id = p_worker, usage_id = usage, held_usd = p_held,
        not_before = null, wait_reason = null, error_code = null, message = null
    where j.id = p_job;
    return query select 'claimed'::text, null::timestamptz, usage, (job.attempt + 1)::smallint;
end
$$;
comment on function private.claim_portrait(uuid, text, text, text, numeric) is
'outcome is claimed, wait (until starts_at), not_allowed, paused, or the state that forbids a claim.';

create function private.turn_of(p_job public.photo_jobs) returns timestamptz
language plpgsql volatile security definer set search_path = ''
as $$
declare
    ahead integer;
begin
    select count(*)::integer into ahead
    from public.photo_jobs as j
    inner join public.photo_batches as b on j.batch_id = b.id
    where j.school_id = p_job.school_id and j.requested_by is not distinct from p_job.requested_by
        and j.state = 'queued' and b.state = 'running'
        and (j.created_at, j.place) < (p_job.created_at, p_job.place);
    return (private.slots_open_at(p_job.school_id, p_job.requested_by, p_job.type, ahead + 1))[ahead + 1];
end
$$;
comment on function private.turn_of(public.photo_jobs) is
'When a job of a batch gets its slot, behind those before it in line.';

-- Whoever pauses a batch here met what would stop every student of it; a cancelled one has nothing left to wait for.
create function private.pause_batch_for(p_batch uuid, p_reason text, p_message text) returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
    batch public.photo_batches;
begin
    select b.* into batch from public.photo_batches as b where b.id = p_batch for no key update;
    if batch.state = 'running' then
        update public.photo_batches as b set state = 'paused', pause_reason = p_reason, message = p_message
        where b.id = p_batch;
        perform private.write_audit(
            batch.school_id, null, 'pause class photos', 'class ' || batch.class_id, null,
            jsonb_build_object('batch', p_batch, 'pause_reason', p_reason)
        );
    elsif batch.state = 'cancelled' then
        update public.photo_jobs as j
        set state = 'cancelled', finished_at = clock_timestamp(), not_before = null, wait_reason = null
        where j.id in (
            select w.id from public.photo_jobs as w
            where w.batch_id = p_batch and w.state = 'queued'
            for update skip locked
        );
    end if;
end
$$;
grant execute on function private.pause_batch_for(uuid, text, text) to service_role;

-- A start that never reached the provider takes nothing from what the person may start.
create function private.give_slot_back(p_job uuid) returns void
language sql volatile security definer set search_path = ''
as $$
    delete from public.rate_limits as r
    where r.id = (
        select latest.id
        from public.photo_jobs as j
        inner join public.rate_limits as latest
            on coalesce(latest.user_id, latest.school_id) = coalesce(j.requested_by, j.school_id)
            and latest.type = j.type
        where j.id = p_job
        order by latest.created_at desc
        limit 1
    )
$$;
grant execute on function private.give_slot_back(uuid) to service_role;

-- As before, and the batch's lock before the job's, as everywhere.
create or replace function private.cancel_portrait(p_job uuid) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
declare
    cancelled uuid;
begin
    perform from public.photo_batches as b
    where b.id = (
        select j.batch_id from public.photo_jobs as j where j.id = p_job and private.may_see_student(j.student_id)
    )
    for no key update;
    update public.photo_jobs as j
    set state = 'cancelled', finished_at = clock_timestamp(), not_before = null, wait_reason = null
    where j.id = p_job and j.state = 'queued' and private.may_see_student(j.student_id)
    returning j.id into cancelled;
    return cancelled is not null;
end
$$;
