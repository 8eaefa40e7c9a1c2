create table public.openai_usage (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null references public.schools (id) on delete cascade,
    user_id uuid,
    type text not null check (type in ('chat', 'image', 'batch_image')),
    model text not null,
    prompt_tokens integer check (prompt_tokens >= 0),
    completion_tokens integer check (completion_tokens >= 0),
    total_tokens integer check (total_tokens >= 0),
    estimated_cost numeric(16, 10) check (estimated_cost >= 0),
    request_data jsonb not null default '{}',
    response_data jsonb not null default '{}',
    error text,
    created_at timestamptz not null default now(),
    job_id uuid,
    message_id uuid,
    attempt smallint not null default 1 check (attempt >= 1),
    state text not null default 'reserved' check (state in ('reserved', 'settled', 'released')),
    held_cost numeric(16, 10) check (held_cost >= 0),
    cost_source text check (cost_source in ('reported', 'estimated', 'possible', 'unpriced')),
    rates jsonb not null default '{}',
    feature text not null,
    class_id uuid,
    duration_ms integer check (duration_ms >= 0),
    first_token_ms integer check (first_token_ms >= 0),
    foreign key (school_id, user_id) references public.staff (school_id, id),
    foreign key (school_id, class_id) references public.classes (school_id, id),
    unique (school_id, job_id, attempt),
    unique (school_id, message_id, attempt),
    check ((state = 'settled') = (cost_source is not null)),
    check (cost_source is distinct from 'unpriced' or estimated_cost is null),
    check (state <> 'settled' or cost_source = 'unpriced' or estimated_cost is not null)
);
comment on table public.openai_usage is
'One attempt that may reach the provider, written before it; reports count settled rows. Holds no names or texts.';
create index openai_usage_user_id_created_at_idx on public.openai_usage (user_id, created_at);
create index openai_usage_type_created_at_idx on public.openai_usage (type, created_at);
create index openai_usage_model_idx on public.openai_usage (model);
create index openai_usage_school_id_created_at_idx on public.openai_usage (school_id, created_at);
create index openai_usage_job_id_idx on public.openai_usage (job_id);

create function private.keep_the_ledger() returns trigger
language plpgsql set search_path = ''
as $$
begin
    if (new.id, new.school_id, new.user_id, new.type, new.job_id, new.message_id, new.attempt, new.created_at)
        is distinct from
        (old.id, old.school_id, old.user_id, old.type, old.job_id, old.message_id, old.attempt, old.created_at) then
        raise exception 'a ledger row keeps whose attempt it is' using errcode = 'SR510';
    end if;
    if old.state = 'reserved' and new.state in ('reserved', 'settled', 'released') then
        return new;
    end if;
    -- A late reply knows the cost, also where none could be held because the model had no price at the time.
    if old.state = 'settled' and old.cost_source in ('possible', 'unpriced')
        and new.state = 'settled' and new.cost_source = 'reported' then
        return new;
    end if;
    raise exception 'a % ledger row does not change', old.state using errcode = 'SR510';
end
$$;
comment on function private.keep_the_ledger() is
'reserved → settled or released; settled as possible or unpriced → settled as reported; nothing else, ever.';
create trigger keep_the_ledger before update on public.openai_usage
for each row execute function private.keep_the_ledger();

create function private.refuse_to_forget() returns trigger
language plpgsql set search_path = ''
as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'SR510';
end
$$;
-- Rows go only with their whole school, which the cascade does at a deeper trigger level.
create trigger refuse_to_delete before delete on public.openai_usage
for each row when (pg_trigger_depth() = 0) execute function private.refuse_to_forget();
create trigger refuse_to_truncate before truncate on public.openai_usage
for each statement execute function private.refuse_to_forget();

-- What came with the made-up school, what the stand-in answered and what was free may be forgotten with a school.
create function private.keep_schools_that_paid() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    if exists (
        select from public.openai_usage as u
        where u.school_id = old.id and u.state <> 'released'
            and coalesce(u.estimated_cost, u.held_cost) is distinct from 0
            and not u.request_data ? 'seeded'
            and u.request_data -> 'by_stand_in' is distinct from 'true'::jsonb
    ) then
        raise exception 'a school that paid for calls stays' using errcode = 'SR510';
    end if;
    return old;
end
$$;
comment on function private.keep_schools_that_paid() is 'The cascade would forget money.';
create trigger keep_schools_that_paid before delete on public.schools
for each row execute function private.keep_schools_that_paid();

create table public.usage_daily (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null references public.schools (id) on delete cascade,
    day date not null,
    user_id uuid,
    type text not null,
    model text not null,
    requests integer not null default 0,
    errors integer not null default 0,
    tokens bigint not null default 0,
    cost numeric(20, 10) not null default 0,
    unpriced integer not null default 0,
    last_request_at timestamptz not null,
    created_at timestamptz not null default now(),
    unique nulls not distinct (school_id, day, user_id, type, model)
);
comment on table public.usage_daily is
'Settled attempts of one person, type and model on one day of the school; kept by a trigger on openai_usage.';
create index usage_daily_user_id_day_idx on public.usage_daily (user_id, day);

-- Adds what `before` and `after` differ by; a row counts from the moment it is settled.
create function private.roll_up_inserted_usage() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    insert into public.usage_daily as d
    (school_id, day, user_id, type, model, requests, errors, tokens, cost, unpriced, last_request_at)
    select
        u.school_id,
        (u.created_at at time zone s.time_zone)::date as day,
        u.user_id,
        u.type,
        u.model,
        count(*),
        count(u.error),
        coalesce(sum(u.total_tokens), 0),
        coalesce(sum(u.estimated_cost), 0),
        count(*) filter (where u.cost_source = 'unpriced'),
        max(u.created_at)
    from after as u
    inner join public.schools as s on u.school_id = s.id
    where u.state = 'settled'
    group by 1, 2, 3, 4, 5
    order by 1, 2, 3, 4, 5
    on conflict (school_id, day, user_id, type, model) do update set
        requests = d.requests + excluded.requests,
        errors = d.errors + excluded.errors,
        tokens = d.tokens + excluded.tokens,
        cost = d.cost + excluded.cost,
        unpriced = d.unpriced + excluded.unpriced,
        last_request_at = greatest(d.last_request_at, excluded.last_request_at);
    return null;
end
$$;

create function private.roll_up_updated_usage() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    insert into public.usage_daily as d
    (school_id, day, user_id, type, model, requests, errors, tokens, cost, unpriced, last_request_at)
    select
        u.school_id,
        (u.created_at at time zone s.time_zone)::date as day,
        u.user_id,
        u.type,
        u.model,
        sum(u.sign),
        coalesce(sum(u.sign) filter (where u.error is not null), 0),
        sum(u.sign * coalesce(u.total_tokens, 0)),
        sum(u.sign * coalesce(u.estimated_cost, 0)),
        coalesce(sum(u.sign) filter (where u.cost_source = 'unpriced'), 0),
        max(u.created_at)
    from (
        select 1 as sign, a.* from after as a where a.state = 'settled'
        union all
        select -1 as sign, b.* from before as b where b.state = 'settled'
    ) as u
    inner join public.schools as s on u.school_id = s.id
    group by 1, 2, 3, 4, 5
    order by 1, 2, 3, 4, 5
    on conflict (school_id, day, user_id, type, model) do update set
        requests = d.requests + excluded.requests,
        errors = d.errors + excluded.errors,
        tokens = d.tokens + excluded.tokens,
        cost = d.cost + excluded.cost,
        unpriced = d.unpriced + excluded.unpriced,
        last_request_at = greatest(d.last_request_at, excluded.last_request_at);
    return null;
end
$$;

create trigger roll_up_inserted_usage after insert on public.openai_usage
referencing new table as after
for each statement execute function private.roll_up_inserted_usage();
create trigger roll_up_updated_usage after update on public.openai_usage
referencing old table as before new table as after
for each statement execute function private.roll_up_updated_usage();

alter table public.openai_usage enable row level security;
revoke all on public.openai_usage from public, anon, authenticated, service_role;
grant select on public.openai_usage to authenticated;
grant select, insert, update on public.openai_usage to service_role;
create policy "people read their own usage, admins the school's" on public.openai_usage
for select to authenticated
using (
    user_id = (select private.me())
    or (school_id = (select private.my_school_id()) and (select private.is_admin()))
);

alter table public.usage_daily enable row level security;
revoke all on public.usage_daily from public, anon, authenticated, service_role;
grant select on public.usage_daily to authenticated, service_role;
create policy "people read their own days, admins the school's" on public.usage_daily
for select to authenticated
using (
    user_id = (select private.me())
    or (school_id = (select private.my_school_id()) and (select private.is_admin()))
);

create view public.openai_usage_summary with (security_invoker = true) as
select
    d.user_id,
    s.full_name as teacher_name,
    coalesce(sum(d.requests) filter (where d.type = 'chat'), 0)::bigint as total_chat_requests,
    coalesce(sum(d.requests) filter (where d.type in ('image', 'batch_image')), 0)::bigint as total_image_requests,
    sum(d.tokens)::bigint as total_tokens,
    coalesce(sum(d.tokens) filter (where d.type = 'chat'), 0)::bigint as total_chat_tokens,
    case when sum(d.requests) > sum(d.unpriced) then sum(d.cost) end as total_cost,
    max(d.last_request_at) as last_request_at,
    sum(d.unpriced)::bigint as unpriced_requests
from public.usage_daily as d
left join public.staff as s on d.user_id = s.id
group by d.user_id, s.full_name;
comment on view public.openai_usage_summary is
'All settled usage of each person; teacher_name is null for the operator. total_cost is of the priced requests, null
where there are none.';

create view public.openai_daily_stats with (security_invoker = true) as
select
    d.day as date,
    d.type,
    sum(d.requests)::bigint as request_count,
    sum(d.tokens)::bigint as total_tokens,
    case when sum(d.requests) > sum(d.unpriced) then sum(d.cost) end as total_cost,
    sum(d.cost) / nullif(sum(d.requests) - sum(d.unpriced), 0) as avg_cost_per_request,
    sum(d.unpriced)::bigint as unpriced_requests
from public.usage_daily as d
group by d.day, d.type;
comment on view public.openai_daily_stats is
'Settled usage of each day and type; the day is the school''s own. Costs are of the priced requests, null where there
are none.';

revoke all on public.openai_usage_summary, public.openai_daily_stats from public, anon, authenticated, service_role;
grant select on public.openai_usage_summary, public.openai_daily_stats to authenticated, service_role;
