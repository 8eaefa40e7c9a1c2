-- Rollups of the ledger: usage_daily learns what the Usage page asks, and three more are kept beside it. Day and hour
-- are the school's, by its time zone; a school that changes its zone has its history counted anew.

drop trigger roll_up_inserted_usage on public.openai_usage;
drop trigger roll_up_updated_usage on public.openai_usage;
drop function private.roll_up_inserted_usage();
drop function private.roll_up_updated_usage();

alter table public.usage_daily
add column possible_cost numeric(20, 10) not null default 0,
add column estimated_cost numeric(20, 10) not null default 0,
add column uncertain integer not null default 0,
add column photos integer not null default 0,
add column first_tokens integer not null default 0,
add column first_token_ms bigint not null default 0;
comment on column public.usage_daily.possible_cost is 'The part of cost that may have been charged.';
comment on column public.usage_daily.estimated_cost is 'The part of cost that was counted by us.';
comment on column public.usage_daily.uncertain is 'Requests whose cost the provider did not report.';
comment on column public.usage_daily.photos is 'Requests for a picture that ended without an error.';
comment on column public.usage_daily.first_tokens is 'Answers of which the time to their first token is known.';
comment on column public.usage_daily.first_token_ms is 'The sum of those times.';
create index usage_daily_uncertain_idx on public.usage_daily (school_id, day) where uncertain > 0;

create table public.usage_daily_detail (
    school_id uuid not null,
    day date not null,
    class_id uuid,
    feature text not null,
    type text not null,
    model text not null,
    error text,
    requests integer not null default 0,
    tokens bigint not null default 0,
    cost numeric(20, 10) not null default 0,
    unpriced integer not null default 0,
    possible_cost numeric(20, 10) not null default 0,
    estimated_cost numeric(20, 10) not null default 0,
    photos integer not null default 0,
    first_tokens integer not null default 0,
    first_token_ms bigint not null default 0,
    hours smallint[] not null,
    created_at timestamptz not null default now(),
    unique nulls not distinct (school_id, day, class_id, feature, type, model, error)
);
comment on table public.usage_daily_detail is
'Settled attempts of all people for one class, feature, type, model and outcome on one day of the school; kept by a
trigger on openai_usage. What a correction emptied stays, with nothing in it.';
comment on column public.usage_daily_detail.error is 'The code that they ended with, null for those that went well.';
comment on column public.usage_daily_detail.hours is 'The hour of the day (0 to 23) of each of the requests.';
create index usage_daily_detail_errors_idx on public.usage_daily_detail (school_id, day) where error is not null;

create table public.usage_weekly (
    school_id uuid not null,
    week date not null check (extract(isodow from week) = 1),
    user_id uuid,
    class_id uuid,
    feature text not null,
    requests integer not null default 0,
    errors integer not null default 0,
    tokens bigint not null default 0,
    cost numeric(20, 10) not null default 0,
    unpriced integer not null default 0,
    possible_cost numeric(20, 10) not null default 0,
    estimated_cost numeric(20, 10) not null default 0,
    photos integer not null default 0,
    created_at timestamptz not null default now(),
    unique nulls not distinct (school_id, week, user_id, class_id, feature)
);
comment on table public.usage_weekly is
'Settled attempts of one person for one class and feature in the week that begins on this Monday; kept by a trigger on
openai_usage.';

create table public.usage_hourly (
    school_id uuid not null,
    day date not null,
    hour smallint not null check (hour between 0 and 23),
    utc_day date not null,
    feature text not null,
    type text not null,
    model text not null,
    requests integer not null default 0,
    errors integer not null default 0,
    tokens bigint not null default 0,
    cost numeric(20, 10) not null default 0,
    unpriced integer not null default 0,
    possible_cost numeric(20, 10) not null default 0,
    estimated_cost numeric(20, 10) not null default 0,
    created_at timestamptz not null default now(),
    unique (school_id, day, hour, utc_day, feature, type, model)
);
comment on table public.usage_hourly is
'Settled attempts of all people for one feature, type and model in one hour of the school''s day; kept by a trigger on
openai_usage.';
comment on column public.usage_hourly.utc_day is 'The day on which the provider''s invoice has them.';
create index usage_hourly_school_id_utc_day_idx on public.usage_hourly (school_id, utc_day);

-- What is rolled up came from the ledger, whose foreign key says already that the school is there; four more of them
-- would cost a tenth of each settlement.
alter table public.usage_daily drop constraint usage_daily_school_id_fkey;
create function private.forget_rollups() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    delete from public.usage_daily as d where d.school_id = old.id;
    delete from public.usage_daily_detail as d where d.school_id = old.id;
    delete from public.usage_weekly as w where w.school_id = old.id;
    delete from public.usage_hourly as h where h.school_id = old.id;
    return null;
end
$$;
create trigger forget_rollups after delete on public.schools
for each row execute function private.forget_rollups();

create function private.without_hours(p_all smallint[], p_gone smallint[]) returns smallint[]
language sql immutable set search_path = ''
as $$
    select coalesce(array_agg(one.hour), '{}')
    from (select h.hour, row_number() over (partition by h.hour) as place from unnest(p_all) as h (hour)) as one
    where one.place > (select count(*) from unnest(p_gone) as g (hour) where g.hour = one.hour)
$$;

-- Adds (1) or takes away (-1) what a statement changed; a row counts from the moment it is settled. Everyone in a
-- school shares rows here, so settlements of one school go one at a time until their transactions end: whatever order
-- they touch the rows in, none waits for another that waits for it.
create function private.roll_up_usage() returns trigger
language plpgsql security definer set search_path = '' set work_mem = '64MB'
as $$
declare
    sign constant integer := tg_argv[0];
begin
    if not exists (select from changed as c where c.state = 'settled') then
        return null;
    end if;
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(s.school_id::text || '/usage', 7))
    from (select distinct c.school_id from changed as c where c.state = 'settled' order by c.school_id) as s;

    with local as materialized (
        select
            c.school_id, c.created_at, c.user_id, c.class_id, c.feature, c.type, c.model, c.error,
            c.created_at at time zone s.time_zone as at,
            coalesce(c.total_tokens, 0) as tokens,
            c.estimated_cost as cost,
            c.cost_source,
            c.first_token_ms
        from changed as c
        inner join public.schools as s on c.school_id = s.id
        where c.state = 'settled'
    ),

    daily as (
        insert into public.usage_daily as d (
            school_id, day, user_id, type, model, requests, errors, tokens, cost, unpriced, last_request_at,
            possible_cost, estimated_cost, uncertain, photos, first_tokens, first_token_ms
        )
        select
            l.school_id,
            l.at::date,
            l.user_id,
            l.type,
            l.model,
            sign * count(*),
            sign * count(l.error),
            sign * sum(l.tokens),
            sign * coalesce(sum(l.cost), 0),
            sign * count(*) filter (where l.cost_source = 'unpriced'),
            max(l.created_at),
            sign * coalesce(sum(l.cost) filter (where l.cost_source = 'possible'), 0),
            sign * coalesce(sum(l.cost) filter (where l.cost_source = 'estimated'), 0),
            sign * count(*) filter (where l.cost_source <> 'reported'),
            sign * count(*) filter (where l.type <> 'chat' and l.error is null),
            sign * count(l.first_token_ms),
            sign * coalesce(sum(l.first_token_ms), 0)
        from local as l
        group by 1, 2, 3, 4, 5
        on conflict (school_id, day, user_id, type, model) do update set
            requests = d.requests + excluded.requests,
            errors = d.errors + excluded.errors,
            tokens = d.tokens + excluded.tokens,
            cost = d.cost + excluded.cost,
            unpriced = d.unpriced + excluded.unpriced,
            last_request_at = greatest(d.last_request_at, excluded.last_request_at),
            possible_cost = d.possible_cost + excluded.possible_cost,
            estimated_cost = d.estimated_cost + excluded.estimated_cost,
            uncertain = d.uncertain + excluded.uncertain,
            photos = d.photos + excluded.photos,
            first_tokens = d.first_tokens + excluded.first_tokens,
            first_token_ms = d.first_token_ms + excluded.first_token_ms
    ),

    detail as (
        insert into public.usage_daily_detail as d (
            school_id, day, class_id, feature, type, model, error, requests, tokens, cost, unpriced,
            possible_cost, estimated_cost, photos, first_tokens, first_token_ms, hours
        )
        select
            l.school_id,
            l.at::date,
            l.class_id,
            l.feature,
            l.type,
            l.model,
            l.error,
            sign * count(*),
            sign * sum(l.tokens),
            sign * coalesce(sum(l.cost), 0),
            sign * count(*) filter (where l.cost_source = 'unpriced'),
            sign * coalesce(sum(l.cost) filter (where l.cost_source = 'possible'), 0),
            sign * coalesce(sum(l.cost) filter (where l.cost_source = 'estimated'), 0),
            sign * count(*) filter (where l.type <> 'chat' and l.error is null),
            sign * count(l.first_token_ms),
            sign * coalesce(sum(l.first_token_ms), 0),
            array_agg(date_part('hour', l.at)::smallint)
        from local as l
        group by 1, 2, 3, 4, 5, 6, 7
        on conflict (school_id, day, class_id, feature, type, model, error) do update set
            requests = d.requests + excluded.requests,
            tokens = d.tokens + excluded.tokens,
            cost = d.cost + excluded.cost,
            unpriced = d.unpriced + excluded.unpriced,
            possible_cost = d.possible_cost + excluded.possible_cost,
            estimated_cost = d.estimated_cost + excluded.estimated_cost,
            photos = d.photos + excluded.photos,
            first_tokens = d.first_tokens + excluded.first_tokens,
            first_token_ms = d.first_token_ms + excluded.first_token_ms,
            hours = case
                when sign > 0 then d.hours || excluded.hours else private.without_hours(d.hours, excluded.hours)
            end
    ),

    weekly as (
        insert into public.usage_weekly as w (
            school_id, week, user_id, class_id, feature, requests, errors, tokens, cost, unpriced,
            possible_cost, estimated_cost, photos
        )
        select
            l.school_id,
            date_trunc('week', l.at)::date,
            l.user_id,
            l.class_id,
            l.feature,
            sign * count(*),
            sign * count(l.error),
            sign * sum(l.tokens),
            sign * coalesce(sum(l.cost), 0),
            sign * count(*) filter (where l.cost_source = 'unpriced'),
            sign * coalesce(sum(l.cost) filter (where l.cost_source = 'possible'), 0),
            sign * coalesce(sum(l.cost) filter (where l.cost_source = 'estimated'), 0),
            sign * count(*) filter (where l.type <> 'chat' and l.error is null)
        from local as l
        group by 1, 2, 3, 4, 5
        on conflict (school_id, week, user_id, class_id, feature) do update set
            requests = w.requests + excluded.requests,
            errors = w.errors + excluded.errors,
            tokens = w.tokens + excluded.tokens,
            cost = w.cost + excluded.cost,
            unpriced = w.unpriced + excluded.unpriced,
            possible_cost = w.possible_cost + excluded.possible_cost,
            estimated_cost = w.estimated_cost + excluded.estimated_cost,
            photos = w.photos + excluded.photos
    )

    insert into public.usage_hourly as h (
        school_id, day, hour, utc_day, feature, type, model, requests, errors, tokens, cost, unpriced,
        possible_cost, estimated_cost
    )
    select
        l.school_id,
        l.at::date,
        date_part('hour', l.at),
        (l.created_at at time zone 'UTC')::date,
        l.feature,
        l.type,
        l.model,
        sign * count(*),
        sign * count(l.error),
        sign * sum(l.tokens),
        sign * coalesce(sum(l.cost), 0),
        sign * count(*) filter (where l.cost_source = 'unpriced'),
        sign * coalesce(sum(l.cost) filter (where l.cost_source = 'possible'), 0),
        sign * coalesce(sum(l.cost) filter (where l.cost_source = 'estimated'), 0)
    from local as l
    group by 1, 2, 3, 4, 5, 6, 7
    on conflict (school_id, day, hour, utc_day, feature, type, model) do update set
        requests = h.requests + excluded.requests,
        errors = h.errors + excluded.errors,
        tokens = h.tokens + excluded.tokens,
        cost = h.cost + excluded.cost,
        unpriced = h.unpriced + excluded.unpriced,
        possible_cost = h.possible_cost + excluded.possible_cost,
        estimated_cost = h.estimated_cost + excluded.estimated_cost;
    return null;
end
$$;
comment on function private.roll_up_usage() is
'Its argument is the sign, and its transition table is called changed.';

create trigger roll_up_inserted_usage after insert on public.openai_usage
referencing new table as changed
for each statement execute function private.roll_up_usage('1');
create trigger roll_up_usage_as_it_was after update on public.openai_usage
referencing old table as changed
for each statement execute function private.roll_up_usage('-1');
create trigger roll_up_usage_as_it_is after update on public.openai_usage
referencing new table as changed
for each statement execute function private.roll_up_usage('1');

-- A copy of the ledger, as if all of it were settled at once, goes the same way: of one school, whose days are others
-- in another zone and whose late replies must find the days that they change; and once of all.
create function private.recount_usage(p_school uuid) returns void
language plpgsql security definer set search_path = ''
as $$
begin
    create temporary table ledger_again (like public.openai_usage) on commit drop;
    create trigger roll_up_usage_again after insert on pg_temp.ledger_again
    referencing new table as changed
    for each statement execute function private.roll_up_usage('1');
    -- Both have the same columns.
    insert into pg_temp.ledger_again
    select * from public.openai_usage as u where p_school is null or u.school_id = p_school; -- noqa: AM04
    drop table pg_temp.ledger_again;
end
$$;
create function private.recount_in_another_zone() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(new.id::text || '/usage', 7));
    delete from public.usage_daily as d where d.school_id = new.id;
    delete from public.usage_daily_detail as d where d.school_id = new.id;
    delete from public.usage_weekly as w where w.school_id = new.id;
    delete from public.usage_hourly as h where h.school_id = new.id;
    perform private.recount_usage(new.id);
    return null;
end
$$;
create trigger recount_in_another_zone after update of time_zone on public.schools
for each row when (old.time_zone is distinct from new.time_zone)
execute function private.recount_in_another_zone();

delete from public.usage_daily;
select private.recount_usage(null);

-- Errors are few: all of a school's, by what they may be filtered, those of one kind, and a person's.
create index openai_usage_errors_idx on public.openai_usage (school_id, created_at, class_id, feature, model)
where error is not null;
create index openai_usage_errors_of_one_kind_idx on public.openai_usage (school_id, error, created_at)
where error is not null;
create index openai_usage_errors_of_a_person_idx on public.openai_usage (user_id, created_at)
where error is not null;

do $$
declare
    name text;
begin
    foreach name in array array['usage_daily_detail', 'usage_weekly', 'usage_hourly'] loop
        execute format('alter table public.%I enable row level security', name);
        execute format('revoke all on public.%I from public, anon, authenticated, service_role', name);
        execute format('grant select on public.%I to authenticated, service_role', name);
    end loop;
end
$$;
create policy "admins read their school's days" on public.usage_daily_detail
for select to authenticated
using (school_id = (select private.my_school_id()) and (select private.is_admin()));
create policy "admins read their school's hours" on public.usage_hourly
for select to authenticated
using (school_id = (select private.my_school_id()) and (select private.is_admin()));
create policy "people read their own weeks, admins the school's" on public.usage_weekly
for select to authenticated
using (
    user_id = (select private.me())
    or (school_id = (select private.my_school_id()) and (select private.is_admin()))
);
