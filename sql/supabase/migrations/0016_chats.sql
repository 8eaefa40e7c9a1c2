create table public.chat_threads (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null references public.schools (id) on delete cascade,
    staff_id uuid not null,
    title text not null default '' check (length(title) <= 200),
    class_id uuid,
    updated_at timestamptz not null default clock_timestamp(),
    deleted_at timestamptz,
    created_at timestamptz not null default now(),
    unique (school_id, id, staff_id),
    check (deleted_at is null or title = ''),
    foreign key (school_id, staff_id) references public.staff (school_id, id) on delete cascade,
    foreign key (school_id, class_id) references public.classes (school_id, id) on delete set null (class_id)
);
comment on table public.chat_threads is
'A conversation of one person with the assistant, which nobody else reads; one that was forgotten is empty.';
create index chat_threads_staff_id_updated_at_idx on public.chat_threads (staff_id, updated_at desc);

create table public.chat_messages (
    id uuid primary key default gen_random_uuid(),
    -- Named besides the thread's, so that a school's messages go before the ledger rows they name.
    school_id uuid not null references public.schools (id) on delete cascade,
    staff_id uuid not null,
    thread_id uuid not null,
    place integer not null check (place >= 1),
    role text not null check (role in ('user', 'assistant')),
    kind text not null check (kind in ('question', 'answer', 'help', 'unknown', 'which')),
    state text not null default 'done' check (
        state in ('writing', 'done', 'stopped', 'cut_off', 'refused', 'failed')
    ),
    text text not null default '' check (length(text) <= 100000),
    command text,
    subject jsonb check (jsonb_typeof(subject) = 'object'),
    choices jsonb not null default '[]' check (jsonb_typeof(choices) = 'array'),
    sources jsonb not null default '[]' check (jsonb_typeof(sources) = 'array'),
    removed_citations integer not null default 0 check (removed_citations >= 0),
    records integer not null default 0 check (records >= 0),
    students integer not null default 0 check (students >= 0),
    left_out integer not null default 0 check (left_out >= 0),
    held_back jsonb not null default '{}' check (jsonb_typeof(held_back) = 'object'),
    error_code text,
    note text,
    thumb text check (thumb in ('up', 'down')),
    thumb_reason text check (length(thumb_reason) <= 2000),
    usage_id uuid references public.openai_usage (id),
    heartbeat_at timestamptz,
    stop_asked_at timestamptz,
    replaced_at timestamptz,
    created_at timestamptz not null default now(),
    unique (school_id, id),
    unique (school_id, thread_id, place),
    check ((role = 'user') = (kind = 'question')),
    check (kind = 'answer' or (state = 'done' and usage_id is null and thumb is null)),
    check (state <> 'writing' or heartbeat_at is not null),
    check (thumb is not null or thumb_reason is null),
    foreign key (school_id, thread_id, staff_id)
    references public.chat_threads (school_id, id, staff_id) on delete cascade
);
comment on table public.chat_messages is
'One message of a conversation; an answer is written by one process, which says so by its heartbeat.';
comment on column public.chat_messages.subject is 'The class or student that a command is about: kind, id, name.';
comment on column public.chat_messages.choices is 'Whom "which" may have meant: kind, id, names.';
comment on column public.chat_messages.sources is
'The records that an answer cites, in the order of citing: mark, kind, id, student_id, on, label.';
comment on column public.chat_messages.held_back is
'How many facts of each kind stayed here, since the school does not let that kind out.';
comment on column public.chat_messages.replaced_at is 'When it was edited away or written anew.';
create unique index chat_messages_one_writing_key on public.chat_messages (school_id, thread_id)
where state = 'writing';
create index chat_messages_thread_id_place_idx on public.chat_messages (thread_id, place);
create index chat_messages_staff_id_idx on public.chat_messages (staff_id);
create index chat_messages_writing_idx on public.chat_messages (heartbeat_at) where state = 'writing';
create index chat_messages_usage_id_idx on public.chat_messages (usage_id);

create table public.chat_requests (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null,
    staff_id uuid not null,
    thread_id uuid not null,
    message_id uuid not null,
    body jsonb not null check (jsonb_typeof(body) = 'object'),
    sent_to text not null,
    kinds text[] not null default '{}',
    sources jsonb not null default '{}' check (jsonb_typeof(sources) = 'object'),
    own_marks text[] not null default '{}',
    created_at timestamptz not null default now(),
    unique (school_id, message_id),
    foreign key (school_id, thread_id, staff_id)
    references public.chat_threads (school_id, id, staff_id) on delete cascade,
    foreign key (school_id, message_id) references public.chat_messages (school_id, id) on delete cascade
);
comment on table public.chat_requests is 'The request for an answer exactly as it left, with tokens in place of names.';
comment on column public.chat_requests.sources is 'The records in it by their marks: kind, id, student_id, on, label.';
comment on column public.chat_requests.own_marks is
'Of the records those that came with the last question, the others came with earlier ones.';
create index chat_requests_message_id_idx on public.chat_requests (message_id);

create table public.chat_tokens (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null,
    staff_id uuid not null,
    thread_id uuid not null,
    kind text not null check (kind in ('STUDENT', 'GUARDIAN', 'STAFF', 'CONTACT', 'ID', 'PLACE', 'TEXT')),
    number integer not null check (number >= 1),
    form text not null default '' check (form ~ '^[a-z]{0,2}$'),
    entity text not null,
    text text not null,
    created_at timestamptz not null default now(),
    unique (school_id, thread_id, kind, number, form),
    foreign key (school_id, thread_id, staff_id)
    references public.chat_threads (school_id, id, staff_id) on delete cascade
);
comment on table public.chat_tokens is
'What a token of a conversation stands for, such as STUDENT_12b for another form of the name of STUDENT_12.';
create index chat_tokens_thread_id_idx on public.chat_tokens (thread_id);

-- Whoever forgets a conversation has its row; what waited for that, or comes later, finds it forgotten.
create function private.write_only_in_a_kept_thread() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
    thread public.chat_threads;
begin
    select t.* into thread from public.chat_threads as t where t.id = new.thread_id for key share;
    if thread.deleted_at is not null then
        raise exception 'unknown conversation' using errcode = 'SR419';
    end if;
    return new;
end
$$;
create trigger write_only_in_a_kept_thread before insert on public.chat_tokens
for each row execute function private.write_only_in_a_kept_thread();

-- For their writers alone: neither admins nor the worker read them.
do $$
declare
    name text;
begin
    foreach name in array array['chat_threads', 'chat_messages', 'chat_requests', 'chat_tokens'] loop
        execute format('alter table public.%I enable row level security', name);
        execute format('revoke all on public.%I from public, anon, authenticated, service_role', name);
        execute format('grant select on public.%I to authenticated', name);
    end loop;
end
$$;

create policy "people read their own conversations" on public.chat_threads
for select to authenticated using (staff_id = (select private.me()) and deleted_at is null);
grant insert (id, school_id, staff_id, title, class_id), update (title) on public.chat_threads to authenticated;
create policy "people start conversations of their own" on public.chat_threads
for insert to authenticated
with check (
    staff_id = (select private.me()) and school_id = (select private.my_school_id())
    and (class_id is null or class_id in (select private.my_class_ids()) or (select private.is_admin()))
);
create policy "people rename their own conversations" on public.chat_threads
for update to authenticated
using (staff_id = (select private.me()) and deleted_at is null) with check (staff_id = (select private.me()));

create policy "people read their own messages" on public.chat_messages
for select to authenticated using (staff_id = (select private.me()));
grant update (thumb, thumb_reason) on public.chat_messages to authenticated;
create policy "people rate answers to their own messages" on public.chat_messages
for update to authenticated
using (staff_id = (select private.me())) with check (staff_id = (select private.me()));

create policy "people read what was sent for them" on public.chat_requests
for select to authenticated using (staff_id = (select private.me()));

create policy "people read the tokens of their own conversations" on public.chat_tokens
for select to authenticated using (staff_id = (select private.me()));
grant insert (id, school_id, staff_id, thread_id, kind, number, form, entity, text)
on public.chat_tokens to authenticated;
create policy "people add tokens to their own conversations" on public.chat_tokens
for insert to authenticated
with check (
    staff_id = (select private.me()) and school_id = (select private.my_school_id())
    and thread_id in (
        select t.id from public.chat_threads as t
        where t.staff_id = (select private.me())
    )
);

create function private.forget_thread(p_thread uuid) returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform from public.chat_threads as t where t.id = p_thread and t.staff_id = private.me() for update;
    if not found then
        raise exception 'unknown conversation' using errcode = 'SR419';
    end if;
    delete from public.chat_messages as m where m.thread_id = p_thread;
    delete from public.chat_tokens as k where k.thread_id = p_thread;
    update public.chat_threads as t
    set title = '', class_id = null, deleted_at = coalesce(t.deleted_at, clock_timestamp())
    where t.id = p_thread;
end
$$;
comment on function private.forget_thread(uuid) is
'Its texts, requests and tokens are gone for good; what it cost stays in the ledger.';
grant execute on function private.forget_thread(uuid) to authenticated;

create function private.names_of_my_school()
returns table (kind text, id uuid, names text[], contacts text[], ids text[])
language plpgsql stable security definer set search_path = ''
as $$
declare
    school uuid := private.my_school_id();
begin
    -- Neither `set role` nor a definer changes it: Supabase's API has another, whosever token it was given.
    if session_user <> 'staffroom_app' then
        raise exception 'for the app''s own login alone' using errcode = '42501';
    end if;
    if school is null then
        raise exception 'nobody is signed in' using errcode = '42501';
    end if;
    return query
    select
        'STUDENT'::text, s.id, array_remove(array[s.full_name, s.preferred_name], null), '{}'::text[],
        array_remove(array[s.sourced_id], null)
    from public.students as s
    where s.school_id = school
    union all
    select 'GUARDIAN', g.id, array[g.full_name], array_remove(array[g.email, g.phone], null), '{}'
    from public.guardians as g
    where g.school_id = school
    union all
    select
        'STAFF', st.id, array[st.full_name], array_remove(array[st.email], null),
        array_remove(array[st.sourced_id], null)
    from public.staff as st
    where st.school_id = school;
end
$$;
comment on function private.names_of_my_school() is
'Everyone who must not be named to a model, also those whom the caller may not look at: a teacher may mention them.
The price: whatever speaks as a member of staff through the app''s login gets every name and contact of the school, past
row-level security. So that login alone may call it, and the app shows nobody what it returns.';
grant execute on function private.names_of_my_school() to authenticated;
