-- What is held right now is little, whatever the ledger's length.
create index openai_usage_reserved_idx on public.openai_usage (created_at) where state = 'reserved';

-- The order of locks: the thread, then the ledger's row and its rollup, then the message. An answer's last word has
-- its ledger row first, so whoever has that row (and takes only those that nobody has) finds the message free.
create function private.cut_off_dead_answers(p_staff uuid) returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
    silent_since timestamptz := clock_timestamp() - interval '15 seconds';
    -- Nothing that is being written takes so long, so what is held for no message any more was left behind.
    left_before timestamptz := clock_timestamp() - interval '5 minutes';
    attempts uuid[];
    dead uuid[];
begin
    select coalesce(array_agg(held.id), '{}') into attempts
    from (
        select u.id
        from public.openai_usage as u
        left join public.chat_messages as m on u.school_id = m.school_id and u.message_id = m.id
        where u.type = 'chat' and u.state = 'reserved' and (p_staff is null or u.user_id = p_staff)
            and case when m.state = 'writing' then m.heartbeat_at < silent_since else u.created_at < left_before end
        for update of u skip locked
    ) as held;
    select coalesce(array_agg(silent.id), '{}') into dead
    from (
        select m.id
        from public.chat_messages as m
        where m.state = 'writing' and m.heartbeat_at < silent_since and (p_staff is null or m.staff_id = p_staff)
            and not exists (
                select from public.openai_usage as u
                where u.school_id = m.school_id and u.message_id = m.id and u.state = 'reserved'
                    and u.id <> all(attempts)
            )
        for update skip locked
    ) as silent;
    update public.openai_usage as u
    set state = 'settled', estimated_cost = u.held_cost, error = 'answer_lost',
        cost_source = case when u.held_cost is null then 'unpriced' else 'possible' end
    where u.id = any(attempts)
        and (
            u.message_id = any(dead)
            or not exists (
                select from public.chat_messages as m
                where m.school_id = u.school_id and m.id = u.message_id and m.state = 'writing'
            )
        );
    update public.chat_messages as m
    set state = 'cut_off', error_code = 'answer_lost',
        note = 'We stopped while this was being written. It may have been charged. '
            || case when m.text = '' then 'Ask again.' else 'Continue, or ask again.' end
    where m.id = any(dead);
    return cardinality(dead);
end
$$;
comment on function private.cut_off_dead_answers(uuid) is
'Ends what a process that is gone was writing for someone, or for anyone (null), and says how many those were.';

create function private.cut_off_answers() returns integer
language sql volatile security definer set search_path = ''
as $$
    select private.cut_off_dead_answers(null)
$$;
grant execute on function private.cut_off_answers() to service_role;

create function private.cut_off_my_answers() returns integer
language plpgsql volatile security definer set search_path = ''
as $$
begin
    if private.me() is null then
        raise exception 'nobody is signed in' using errcode = '42501';
    end if;
    return private.cut_off_dead_answers(private.me());
end
$$;
grant execute on function private.cut_off_my_answers() to authenticated;

-- One thing at a time in a conversation: who gets past this has its row until the transaction ends.
create function private.begin_turn(p_thread uuid) returns public.chat_threads
language plpgsql volatile security definer set search_path = ''
as $$
declare
    thread public.chat_threads;
begin
    select t.* into thread from public.chat_threads as t
    where t.id = p_thread and t.staff_id = private.me() and t.deleted_at is null
    for no key update;
    if thread.id is null then
        raise exception 'unknown conversation' using errcode = 'SR419';
    end if;
    perform private.cut_off_dead_answers(thread.staff_id);
    if exists (select from public.chat_messages as m where m.thread_id = p_thread and m.state = 'writing') then
        raise exception 'an answer is under way' using errcode = 'SR418';
    end if;
    return thread;
end
$$;

create function private.add_message(p_thread public.chat_threads, p_message jsonb) returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
    m public.chat_messages := jsonb_populate_record(null::public.chat_messages, p_message);
begin
    insert into public.chat_messages (
        id, school_id, staff_id, thread_id, place, role, kind, state, text, command, subject, choices, records,
        students, left_out, held_back, usage_id, heartbeat_at
    )
    values (
        m.id, p_thread.school_id, p_thread.staff_id, p_thread.id,
        (
            select coalesce(max(other.place), 0) + 1
            from public.chat_messages as other
            where other.thread_id = p_thread.id
        ),
        case when m.kind = 'question' then 'user' else 'assistant' end, m.kind, coalesce(m.state, 'done'),
        coalesce(m.text, ''), m.command, m.subject, coalesce(m.choices, '[]'),
        coalesce(m.records, 0), coalesce(m.students, 0), coalesce(m.left_out, 0),
        coalesce(m.held_back, '{}'), m.usage_id,
        case when m.state = 'writing' then clock_timestamp() end
    );
    update public.chat_threads as t set updated_at = clock_timestamp() where t.id = p_thread.id;
end
$$;
comment on function private.add_message(public.chat_threads, jsonb) is
'Puts a message at the end of a conversation; called by our own functions alone.';

create function private.send_chat(
    p_thread uuid, p_question uuid, p_answer uuid, p_text text, p_answer_details jsonb, p_model text, p_held numeric,
    p_feature text, p_class uuid, p_request jsonb, p_request_data jsonb
) returns timestamptz
language plpgsql volatile security definer set search_path = ''
as $$
declare
    thread public.chat_threads := private.begin_turn(p_thread);
    opens timestamptz;
    usage uuid;
begin
    opens := private.take_slot_for(thread.school_id, thread.staff_id, 'chat', 'chat');
    if opens is not null then
        return opens;
    end if;
    insert into public.openai_usage (
        school_id, user_id, type, model, message_id, attempt, state, held_cost, feature, class_id, request_data
    )
    values (
        thread.school_id, thread.staff_id, 'chat', p_model, p_answer, 1, 'reserved', p_held, p_feature,
        -- Nobody's question is counted for a class that is not theirs.
        (
            select c.id from public.classes as c
            where c.id = p_class and c.school_id = thread.school_id
                and (c.id in (select private.my_class_ids()) or private.is_admin())
        ),
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
comment on function private.send_chat(
    uuid, uuid, uuid, text, jsonb, text, numeric, text, uuid, jsonb, jsonb
) is
'Null when the answer is reserved and may be asked for, else when a slot opens, and nothing was written.
Without p_question the answer belongs to the last question.';

create function private.note_turn(
    p_thread uuid, p_question uuid, p_text text, p_reply uuid, p_kind text, p_reply_text text, p_choices jsonb,
    p_command text
) returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
    thread public.chat_threads := private.begin_turn(p_thread);
begin
    if p_kind in ('help', 'unknown', 'which') is not true then
        raise exception 'nothing that the app says by itself: %', p_kind using errcode = '22023';
    end if;
    if p_question is not null then
        perform private.add_message(
            thread, jsonb_build_object('id', p_question, 'kind', 'question', 'text', p_text)
        );
    end if;
    perform private.add_message(
        thread,
        jsonb_build_object(
            'id', p_reply, 'kind', p_kind, 'text', p_reply_text, 'choices', p_choices, 'command', p_command
        )
    );
end
$$;
comment on function private.note_turn(uuid, uuid, text, uuid, text, text, jsonb, text) is
'A question that the app itself answers; it reaches no model and costs nothing.';

create function private.save_answer(p_answer uuid, p_text text) returns text
language plpgsql volatile security definer set search_path = ''
as $$
declare
    is_stopped boolean;
begin
    update public.chat_messages as m set text = p_text, heartbeat_at = clock_timestamp()
    where m.id = p_answer and m.staff_id = private.me() and m.state = 'writing'
    returning m.stop_asked_at is not null into is_stopped;
    return case when is_stopped then 'stop' when not is_stopped then 'go_on' else 'gone' end;
end
$$;
comment on function private.save_answer(uuid, text) is
'go_on, stop (its reader asked for it) or gone (nobody waits for it any more).';

create function private.writer() returns uuid
language sql stable security definer set search_path = ''
as $$
    select s.id
    from public.staff as s
    where s.id = (
        select (claims.body ->> 'sub')::uuid
        from (select nullif(current_setting('request.jwt.claims', true), '')::jsonb as body) as claims
        where claims.body ->> 'iss' = 'staffroom'
    )
$$;
comment on function private.writer() is
'The staff id of the current claims, also of somebody who has left: what was begun for them is still ended and paid.';

create function private.settle_answer(p_staff uuid, p_answer uuid, p_settlement jsonb) returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
    said public.openai_usage := jsonb_populate_record(
        null::public.openai_usage,
        p_settlement || jsonb_build_object('estimated_cost', p_settlement -> 'cost_usd')
    );
begin
    update public.openai_usage as u
    set state = said.state,
        estimated_cost = coalesce(said.estimated_cost, case when said.cost_source = 'possible' then u.held_cost end),
        cost_source = case
            when said.cost_source = 'possible' and coalesce(said.estimated_cost, u.held_cost) is null then 'unpriced'
            else said.cost_source
        end,
        rates = coalesce(said.rates, '{}'),
        prompt_tokens = said.prompt_tokens, completion_tokens = said.completion_tokens,
        total_tokens = said.total_tokens, error = said.error, response_data = coalesce(said.response_data, '{}'),
        duration_ms = said.duration_ms, first_token_ms = said.first_token_ms
    where u.message_id = p_answer and u.attempt = said.attempt and u.user_id = p_staff and u.type = 'chat'
        and u.school_id = (select s.school_id from public.staff as s where s.id = p_staff)
        and (
            u.state = 'reserved'
            or (
                u.state = 'settled' and u.cost_source in ('possible', 'unpriced')
                and said.state = 'settled' and said.cost_source = 'reported'
            )
        );
end
$$;
comment on function private.settle_answer(uuid, uuid, jsonb) is
'As the ledger allows: once, and a possible or unknown cost gives way to a reported one.';

create function private.end_answer(p_answer uuid, p_state text, p_text text, p_details jsonb, p_settlement jsonb)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
    me uuid := private.writer();
    said public.chat_messages := jsonb_populate_record(null::public.chat_messages, p_details);
begin
    if me is null then
        raise exception 'nobody is signed in' using errcode = '42501';
    end if;
    if p_state in ('done', 'stopped', 'cut_off', 'refused', 'failed') is not true then
        raise exception 'no way for an answer to end: %', p_state using errcode = '22023';
    end if;
    if p_settlement ->> 'state' = 'released' and (
        p_text <> ''
        or exists (
            select from public.chat_messages as m
            where m.id = p_answer and m.staff_id = me and m.text <> ''
        )
    ) then
        raise exception 'what was written was sent for' using errcode = '22023';
    end if;
    perform private.settle_answer(me, p_answer, p_settlement);
    update public.chat_messages as m
    set state = p_state, text = p_text, sources = coalesce(said.sources, '[]'),
        removed_citations = coalesce(said.removed_citations, 0), error_code = said.error_code, note = said.note
    where m.id = p_answer and m.staff_id = me
        and (m.state = 'writing' or (m.state = 'cut_off' and m.error_code = 'answer_lost'));
end
$$;
comment on function private.end_answer(uuid, text, text, jsonb, jsonb) is
'The last word on an answer, also on one that was taken for lost and, for the ledger, on one that is forgotten.';

create function private.try_again(p_answer uuid, p_attempt integer) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
declare
    me uuid := private.writer();
    before public.openai_usage;
    usage uuid;
begin
    update public.openai_usage as u set state = 'released'
    where u.message_id = p_answer and u.attempt = p_attempt and u.user_id = me and u.type = 'chat'
        and u.state = 'reserved'
    returning u.* into before;
    if before.id is null then
        return false;
    end if;
    perform from public.chat_messages as m
    where m.id = p_answer and m.staff_id = private.me() and m.state = 'writing'
    for no key update;
    if not found then
        return false;
    end if;
    insert into public.openai_usage (
        school_id, user_id, type, model, message_id, attempt, state, held_cost, feature, class_id, request_data
    )
    values (
        before.school_id, before.user_id, before.type, before.model, p_answer, p_attempt + 1, 'reserved',
        before.held_cost, before.feature, before.class_id, before.request_data
    )
    returning id into usage;
    update public.chat_messages as m set usage_id = usage, heartbeat_at = clock_timestamp() where m.id = p_answer;
    return true;
end
$$;
comment on function private.try_again(uuid, integer) is
'True when the next attempt is reserved; false when nobody waits for the answer any more, and nothing may be sent.';

create function private.stop_answer(p_answer uuid) returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
    update public.chat_messages as m
    set stop_asked_at = coalesce(
        m.stop_asked_at, case when m.state = 'writing' then clock_timestamp() end
    )
    where m.id = p_answer and m.staff_id = private.me();
    if not found then
        raise exception 'unknown conversation' using errcode = 'SR419';
    end if;
end
$$;
comment on function private.stop_answer(uuid) is 'Whoever writes it reads this with its next heartbeat.';

create function private.replace_messages(p_message uuid) returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
    thread public.chat_threads := private.begin_turn(
        (select m.thread_id from public.chat_messages as m where m.id = p_message and m.staff_id = private.me())
    );
    first_place integer;
begin
    select m.place into first_place from public.chat_messages as m
    where m.id = p_message and m.replaced_at is null;
    if first_place is null then
        raise exception 'unknown conversation' using errcode = 'SR419';
    end if;
    update public.chat_messages as m set replaced_at = clock_timestamp()
    where m.thread_id = thread.id and m.place >= first_place and m.replaced_at is null;
end
$$;
comment on function private.replace_messages(uuid) is 'Sets a message aside, and all that followed it.';

create function private.demo_may_spend(p_limit numeric, p_held numeric) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
    if not exists (select from public.schools as s where s.id = private.my_school_id() and s.kind = 'demo') then
        raise exception 'not a demo' using errcode = '42501';
    end if;
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('demo spend limit', 7));
    return coalesce(p_held, p_limit + 1) + coalesce((
        select sum(coalesce(u.estimated_cost, u.held_cost))
        from public.openai_usage as u
        where u.state <> 'released' and not u.request_data ? 'seeded'
            and u.request_data -> 'by_stand_in' is distinct from 'true'::jsonb
    ), 0) <= p_limit;
end
$$;
comment on function private.demo_may_spend(numeric, numeric) is
'Whether all of a public demo together stays within its limit; exact if the cost is held in the same transaction.';

grant execute on function
private.demo_may_spend(numeric, numeric),
private.send_chat(uuid, uuid, uuid, text, jsonb, text, numeric, text, uuid, jsonb, jsonb),
private.note_turn(uuid, uuid, text, uuid, text, text, jsonb, text),
private.save_answer(uuid, text),
private.end_answer(uuid, text, text, jsonb, jsonb),
private.try_again(uuid, integer),
private.stop_answer(uuid),
private.replace_messages(uuid)
to authenticated;
