-- Budgets hold where a call is reserved: in the transaction that inserts the ledger's row, after the slot of the limit
-- was taken and with every budget locked that the call counts to, from the school's to the class's to the person's.
-- Nothing that is waited for comes after these locks. A school without budgets takes none of them.

-- One for each of the school, the class and the person: that of the month, else the one for every month.
create function private.budgets_for(p_school uuid, p_class uuid, p_staff uuid, p_month date)
returns setof public.budgets
language sql stable security definer set search_path = ''
as $$
    select distinct on (b.staff_id is not null, b.class_id is not null) b.*
    from public.budgets as b
    where b.school_id = p_school and (b.month is null or b.month = p_month)
        and (b.class_id is null or b.class_id = p_class)
        and (b.staff_id is null or b.staff_id = p_staff)
    order by b.staff_id is not null, b.class_id is not null, b.month nulls last
$$;

create function private.has_room(p_state private.budget_state, p_held numeric) returns boolean
language sql immutable set search_path = ''
as $$
    select not p_state.hard
        or (p_held is not null and p_state.spent_usd + p_state.held_usd + p_held <= p_state.amount_usd)
$$;
comment on function private.has_room(private.budget_state, numeric) is
'What nobody can price never fits into a hard budget.';

create function private.refusal_by(p_state private.budget_state, p_held numeric) returns jsonb
language sql stable security definer set search_path = ''
as $$
    select jsonb_build_object(
        'of', case
            when p_state.class_id is not null then 'class' when p_state.staff_id is not null then 'person' else 'school'
        end,
        'name', coalesce(
            (select c.name from public.classes as c where c.id = p_state.class_id),
            (select s.full_name from public.staff as s where s.id = p_state.staff_id),
            (select s.name from public.schools as s where s.id = p_state.school_id)
        ),
        'is_yours', coalesce(p_state.staff_id = private.me(), false),
        'amount_usd', p_state.amount_usd::text,
        'left_usd', greatest(p_state.amount_usd - p_state.spent_usd - p_state.held_usd, 0)::text,
        'needed_usd', p_held::text,
        'admins', (
            select jsonb_agg(s.full_name order by s.full_name)
            from public.staff as s
            where s.school_id = p_state.school_id and s.role = 'admin' and s.active
        )
    )
$$;
comment on function private.refusal_by(private.budget_state, numeric) is
'Whose budget it is, what is left of it and who can change it; amounts as text, so that no digit is lost.';

create function private.states_for(p_school uuid, p_class uuid, p_staff uuid) returns private.budget_state[]
language sql stable security definer set search_path = ''
as $$
    select array(
        select private.state_of_budget(b, m.month)
        from (select private.budget_month(p_school) as month) as m
        cross join private.budgets_for(p_school, p_class, p_staff, m.month) as b
    )
$$;

create function private.hold_in_budgets(p_school uuid, p_class uuid, p_staff uuid, p_held numeric) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    holder uuid;
    states private.budget_state[];
    state private.budget_state;
begin
    for holder in
        select coalesce(b.class_id, b.staff_id, b.school_id)
        from private.budgets_for(p_school, p_class, p_staff, private.budget_month(p_school)) as b
    loop
        perform private.lock_budget(holder);
    end loop;
    if holder is null then
        return null;
    end if;
    -- A statement of its own, so that it sees what others held and committed while it waited (READ COMMITTED only).
    states := private.states_for(p_school, p_class, p_staff);
    foreach state in array states loop
        if not private.has_room(state, p_held) then
            return private.refusal_by(state, p_held);
        end if;
    end loop;
    perform private.note_warnings(states, private.budget_month(p_school), p_held);
    return null;
end
$$;
comment on function private.hold_in_budgets(uuid, uuid, uuid, numeric) is
'Null where there is room, and then the caller inserts the reserved row in the same transaction; else the refusal.
Called by our own functions.';

create function private.refuse_portrait_without_room(p_job uuid, p_held numeric) returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
    job public.photo_jobs;
    state private.budget_state;
begin
    -- Only what this transaction asks for: a second click finds the job of the first, whatever is left by now.
    select j.* into job from public.photo_jobs as j
    where j.id = p_job and j.state = 'queued' and j.created_at = now()
        and (j.requested_by is null or j.requested_by = private.me());
    foreach state in array private.states_for(job.school_id, job.class_id, job.requested_by) loop
        if not private.has_room(state, p_held) then
            raise exception 'the budget has no room' using errcode = 'SR402', detail = private.refusal_by(state, p_held);
        end if;
    end loop;
end
$$;
comment on function private.refuse_portrait_without_room(uuid, numeric) is
'Takes a wish back that plainly can not be paid, before it waits; the claim decides.';
grant execute on function private.refuse_portrait_without_room(uuid, numeric) to authenticated, service_role;

create function private.left_in_schools_budget() returns numeric
language plpgsql stable security definer set search_path = ''
as $$
declare
    state private.budget_state;
begin
    if private.me() is null then
        raise exception 'nobody is signed in' using errcode = '42501';
    end if;
    foreach state in array private.states_for(private.my_school_id(), null, null) loop
        if state.hard then
            return greatest(state.amount_usd - state.spent_usd - state.held_usd, 0);
        end if;
    end loop;
    return null;
end
$$;
comment on function private.left_in_schools_budget() is
'Null unless the caller''s school has a hard one. A refusal tells as much; so whoever plans photos knows before.';
grant execute on function private.left_in_schools_budget() to authenticated;

-- As before, and what no budget has room for is not claimed.
drop function private.claim_portrait(uuid, text, text, text, numeric);
create function private.claim_portrait(
    p_job uuid, p_worker text, p_key_hash text, p_model text, p_held numeric
)
returns table (outcome text, starts_at timestamptz, usage_id uuid, attempt smallint, refusal jsonb)
language plpgsql volatile security definer set search_path = ''
as $$
declare
    job public.photo_jobs;
    student public.students;
    batch_state text;
    opens timestamptz;
    reason text;
    usage uuid;
    no_room jsonb;
begin
    select b.state into batch_state from public.photo_batches as b
    where b.id = (select j.batch_id from public.photo_jobs as j where j.id = p_job)
    for no key update;
    select j.* into job from public.photo_jobs as j where j.id = p_job for update;
    if job.id is null or job.state <> 'queued' then
        return query select coalesce(job.state, 'gone'), null::timestamptz, job.usage_id, job.attempt, null::jsonb;
        return;
    end if;
    if batch_state = 'cancelled' then
        update public.photo_jobs as j
        set state = 'cancelled', finished_at = clock_timestamp(), not_before = null, wait_reason = null
        where j.id = p_job;
    end if;
    if batch_state in ('paused', 'cancelled') then
        return query select batch_state, null::timestamptz, null::uuid, job.attempt, null::jsonb;
        return;
    end if;
    select s.* into student from public.students as s where s.id = job.student_id;
    if student.status <> 'active' or not student.portraits_allowed
        or not private.may_still_ask(job.requested_by, job.student_id) then
        return query select 'not_allowed'::text, null::timestamptz, null::uuid, job.attempt, null::jsonb;
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
        return query select 'wait'::text, opens, null::uuid, job.attempt, null::jsonb;
        return;
    end if;
    no_room := private.hold_in_budgets(job.school_id, job.class_id, job.requested_by, p_held);
    if no_room is not null then
        perform private.give_slot_back(p_job);
        if job.batch_id is not null then
            update public.photo_jobs as j set wait_reason = 'budget', not_before = null where j.id = p_job;
        end if;
        return query select 'budget'::text, null::timestamptz, null::uuid, job.attempt, no_room;
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
    return query select 'claimed'::text, null::timestamptz, usage, (job.attempt + 1)::smallint, null::jsonb;
end
$$;
comment on function private.claim_portrait(uuid, text, text, text, numeric) is
'outcome is claimed, wait (until starts_at), not_allowed, budget (refusal says whose), paused, or the state that forbids
a claim.';
grant execute on function private.claim_portrait(uuid, text, text, text, numeric) to service_role;

-- The batch's lock alone: whoever claims has it before a budget's. It may meet the budget's end again, once it goes on.
create function private.resume_with_room(p_batch uuid, p_job uuid, p_held numeric) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
declare
    batch public.photo_batches;
    job public.photo_jobs;
    state private.budget_state;
begin
    select b.* into batch from public.photo_batches as b
    where b.id = p_batch and b.state = 'paused' and b.pause_reason in ('budget', 'budget_unpriced')
    for no key update skip locked;
    if batch.id is null then
        return false;
    end if;
    select j.* into job from public.photo_jobs as j
    where j.id = p_job and j.batch_id = p_batch and j.state = 'queued';
    if job.id is null then
        return false;
    end if;
    foreach state in array private.states_for(job.school_id, job.class_id, job.requested_by) loop
        if not private.has_room(state, p_held) then
            return false;
        end if;
    end loop;
    update public.photo_batches as b set state = 'running', pause_reason = null, message = null where b.id = p_batch;
    perform private.line_up(p_batch);
    perform private.write_audit(
        batch.school_id, null, 'resume class photos', 'class ' || batch.class_id,
        jsonb_build_object('pause_reason', batch.pause_reason), jsonb_build_object('batch', p_batch)
    );
    return true;
end
$$;
comment on function private.resume_with_room(uuid, uuid, numeric) is
'Lets a batch go on that a budget paused, once its next portrait fits; one that a person paused stays paused.';
grant execute on function private.resume_with_room(uuid, uuid, numeric) to service_role;

-- As before, and what no budget has room for is refused.
create or replace function private.send_chat(
    p_thread uuid, p_question uuid, p_answer uuid, p_text text, p_answer_details jsonb, p_model text, p_held numeric,
    p_feature text, p_class uuid, p_request jsonb, p_request_data jsonb
) returns timestamptz
language plpgsql volatile security definer set search_path = ''
as $$
declare
    thread public.chat_threads := private.begin_turn(p_thread);
    opens timestamptz;
    usage uuid;
    of_class uuid;
    no_room jsonb;
begin
    opens := private.take_slot_for(thread.school_id, thread.staff_id, 'chat', 'chat');
    if opens is not null then
        return opens;
    end if;
    -- Nobody's question is counted for a class that is not theirs.
    select c.id into of_class from public.classes as c
    where c.id = p_class and c.school_id = thread.school_id
        and (c.id in (select private.my_class_ids()) or private.is_admin());
    no_room := private.hold_in_budgets(thread.school_id, of_class, thread.staff_id, p_held);
    if no_room is not null then
        raise exception 'the budget has no room' using errcode = 'SR402', detail = no_room;
    end if;
    insert into public.openai_usage (
        school_id, user_id, type, model, message_id, attempt, state, held_cost, feature, class_id, request_data
    )
    values (
        thread.school_id, thread.staff_id, 'chat', p_model, p_answer, 1, 'reserved', p_held, p_feature,
        of_class,
        -- What it says, also that the demo's stand-in answers (by_stand_in), is the web process's word: nothing here
        -- can see where the request goes.
        coalesce(p_request_data, '{}')
    )
    returning id into usage;
    if p_question is not null then
        perform private.add_message(
            thread, jsonb_build_object('id', p_question, 'kind', 'question', 'text', p_text)
        );
    end if;
    perform private.add_message(
        thread,
        coalesce(p_answer_details, '{}')
        || jsonb_build_object('id', p_answer, 'kind', 'answer', 'state', 'writing', 'text', '', 'usage_id', usage)
    );
    insert into public.chat_requests (
        school_id, staff_id, thread_id, message_id, body, sent_to, kinds, sources, own_marks
    )
    values (
        thread.school_id, thread.staff_id, thread.id, p_answer, p_request -> 'body', p_request ->> 'sent_to',
        array(select jsonb_array_elements_text(p_request -> 'kinds')), coalesce(p_request -> 'sources', '{}'),
        array(select jsonb_array_elements_text(p_request -> 'own_marks'))
    );
    return null;
end
$$;
