-- Rollups of the ledger. usage_daily is right at every moment; the four that are new hold the days that are over: the
-- first settlement of a school's new day closes those before, all at once, and what comes late is added to them then.
-- So a settlement changes one row, and whoever reads adds the open day from the ledger itself. Day and hour are the
-- school's, by its time zone; a school that changes its zone has its history counted anew.

drop trigger roll_up_inserted_usage on public.openai_usage;
drop trigger roll_up_updated_usage on public.openai_usage;
drop function private.roll_up_inserted_usage();
drop function private.roll_up_updated_usage();

-- It is made anew below.
truncate public.usage_daily;
alter table public.usage_daily
add column feature text not null,
add column possible_cost numeric(20, 10) not null default 0,
add column estimated_cost numeric(20, 10) not null default 0,
add column uncertain integer not null default 0,
add column photos integer not null default 0,
add column first_tokens integer not null default 0,
add column first_token_ms bigint not null default 0,
drop column id,
drop constraint usage_daily_school_id_day_user_id_type_model_key,
add unique nulls not distinct (school_id, day, user_id, feature, type, model);
alter table public.usage_daily set (fillfactor = 80);
comment on table public.usage_daily is
'Settled attempts of one person for one feature, type and model on one day of the school; kept by a trigger on
openai_usage.';
comment on column public.usage_daily.possible_cost is 'The part of cost that may have been charged.';
comment on column public.usage_daily.estimated_cost is 'The part of cost that was counted by us.';
comment on column public.usage_daily.uncertain is 'Requests whose cost the provider did not report.';
comment on column public.usage_daily.photos is 'Requests for a picture that ended without an error.';
comment on column public.usage_daily.first_tokens is 'Answers of which the time to their first token is known.';
comment on column public.usage_daily.first_token_ms is 'The sum of those times.';
create index usage_daily_uncertain_idx on public.usage_daily (school_id, day) where uncertain > 0;
create index usage_daily_uncertain_of_a_person_idx on public.usage_daily (user_id, day) where uncertain > 0;

create table public.usage_books (
    school_id uuid primary key references public.schools (id) on delete cascade,
    closed_until timestamptz not null default '1970-01-01 00:00+00',
    last_day date not null default '1969-12-31',
    created_at timestamptz not null default now()
);
comment on table public.usage_books is
'Up to when a school''s days are closed: settled attempts from before are in its rollups, later ones in the ledger and
in usage_daily alone. Whoever settles holds the row until their transaction ends.';
comment on column public.usage_books.last_day is 'The day of the school that ends there.';

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
    unique nulls not distinct (school_id, class_id, day, feature, type, model, error)
);
comment on table public.usage_daily_detail is
'Settled attempts of all people for one class, feature, type, model and outcome on one closed day of the school. What a
correction emptied stays, with nothing in it.';
comment on column public.usage_daily_detail.error is 'The code that they ended with, null for those that went well.';
comment on column public.usage_daily_detail.hours is 'The hour of the day (0 to 23) of each of the requests.';
create index usage_daily_detail_school_id_day_idx on public.usage_daily_detail (school_id, day);
create index usage_daily_detail_errors_idx on public.usage_daily_detail (school_id, day) where error is not null;

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
    photos integer not null default 0,
    first_tokens integer not null default 0,
    first_token_ms bigint not null default 0,
    created_at timestamptz not null default now(),
    unique (school_id, day, hour, utc_day, feature, type, model)
);
comment on table public.usage_hourly is
'Settled attempts of all people for one feature, type and model in one hour of a closed day of the school.';
comment on column public.usage_hourly.utc_day is 'The day on which the provider''s invoice has them.';
create index usage_hourly_school_id_utc_day_idx on public.usage_hourly (school_id, utc_day);

create table public.usage_monthly (
    school_id uuid not null,
    month date not null check (extract(day from month) = 1),
    user_id uuid,
    class_id uuid,
    requests integer not null default 0,
    errors integer not null default 0,
    tokens bigint not null default 0,
    cost numeric(20, 10) not null default 0,
    unpriced integer not null default 0,
    possible_cost numeric(20, 10) not null default 0,
    estimated_cost numeric(20, 10) not null default 0,
    photos integer not null default 0,
    days integer not null,
    created_at timestamptz not null default now(),
    unique nulls not distinct (school_id, user_id, month, class_id)
);
comment on table public.usage_monthly is
'Settled attempts of one person for one class on the closed days of the month that begins on this day.';
comment on column public.usage_monthly.days is 'The days of the month with any use: bit 0 is the 1st.';

create table public.usage_monthly_detail (
    school_id uuid not null,
    month date not null check (extract(day from month) = 1),
    user_id uuid,
    class_id uuid,
    feature text not null,
    model text not null,
    requests integer not null default 0,
    errors integer not null default 0,
    tokens bigint not null default 0,
    cost numeric(20, 10) not null default 0,
    unpriced integer not null default 0,
    possible_cost numeric(20, 10) not null default 0,
    estimated_cost numeric(20, 10) not null default 0,
    photos integer not null default 0,
    days integer not null,
    created_at timestamptz not null default now(),
    unique nulls not distinct (school_id, user_id, month, class_id, feature, model)
);
comment on table public.usage_monthly_detail is 'The same by feature and model, too.';
create index usage_monthly_detail_school_id_month_idx on public.usage_monthly_detail (school_id, month);

-- Errors are few: all of a school's, by what they may be filtered, those of one kind, and a person's.
create index openai_usage_errors_idx on public.openai_usage (school_id, created_at, class_id, feature, model)
where error is not null;
create index openai_usage_errors_of_one_kind_idx on public.openai_usage (school_id, error, created_at)
where error is not null;
create index openai_usage_errors_of_a_person_idx on public.openai_usage (user_id, created_at)
where error is not null;
-- Sums of one person's calls, without looking their rows up.
drop index public.openai_usage_user_id_created_at_idx;
create index openai_usage_user_id_created_at_idx on public.openai_usage (user_id, created_at) include (
    school_id, class_id, feature, type, model, state, error, total_tokens, estimated_cost, cost_source, first_token_ms
);
-- Who used it for one class, on days that are no whole month.
create index openai_usage_class_id_created_at_idx on public.openai_usage (class_id, created_at)
where class_id is not null;

do $$
declare
    name text;
begin
    foreach name in array array[
        'usage_books', 'usage_daily_detail', 'usage_hourly', 'usage_monthly', 'usage_monthly_detail'
    ] loop
        execute format('alter table public.%I enable row level security', name);
        execute format('revoke all on public.%I from public, anon, authenticated, service_role', name);
        execute format('grant select on public.%I to authenticated, service_role', name);
    end loop;
end
$$;
create policy "members read up to when their school's days are closed" on public.usage_books
for select to authenticated
using (school_id = (select private.my_school_id()));
create policy "admins read their school's days" on public.usage_daily_detail
for select to authenticated
using (school_id = (select private.my_school_id()) and (select private.is_admin()));
create policy "admins read their school's hours" on public.usage_hourly
for select to authenticated
using (school_id = (select private.my_school_id()) and (select private.is_admin()));
create policy "people read their own months, admins the school's" on public.usage_monthly
for select to authenticated
using (
    user_id = (select private.me())
    or (school_id = (select private.my_school_id()) and (select private.is_admin()))
);
create policy "people read their own months, admins the school's" on public.usage_monthly_detail
for select to authenticated
using (
    user_id = (select private.me())
    or (school_id = (select private.my_school_id()) and (select private.is_admin()))
);

create type private.usage_line as (
    at timestamptz,
    user_id uuid,
    class_id uuid,
    feature text,
    type text,
    model text,
    error text,
    tokens integer,
    cost numeric,
    cost_source text,
    first_token_ms integer
);
comment on type private.usage_line is 'What rollups need of a settled attempt.';
create view private.usage_lines as
select
    u.school_id,
    u.created_at,
    (
        u.created_at, u.user_id, u.class_id, u.feature, u.type, u.model, u.error, coalesce(u.total_tokens, 0),
        coalesce(u.estimated_cost, 0), u.cost_source, u.first_token_ms
    )::private.usage_line as line
from public.openai_usage as u
where u.state = 'settled';
comment on view private.usage_lines is 'The ledger as lines.';

create function private.without_hours(p_all smallint[], p_gone smallint[]) returns smallint[]
language sql immutable set search_path = ''
as $$
    select coalesce(array_agg(one.hour), '{}')
    from (select h.hour, row_number() over (partition by h.hour) as place from unnest(p_all) as h (hour)) as one
    where one.place > (select count(*) from unnest(p_gone) as g (hour) where g.hour = one.hour)
$$;

-- Each of these adds (1) lines of one school or takes them away (-1).
create function private.add_to_days(p_sign integer, p_school uuid, p_zone text, p_lines private.usage_line[])
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
    insert into public.usage_daily as d (
        school_id, day, user_id, feature, type, model, requests, errors, tokens, cost, unpriced, last_request_at,
        possible_cost, estimated_cost, uncertain, photos, first_tokens, first_token_ms
    )
    select
        p_school,
        (l.at at time zone p_zone)::date,
        l.user_id,
        l.feature,
        l.type,
        l.model,
        p_sign * count(*),
        p_sign * count(l.error),
        p_sign * sum(l.tokens),
        p_sign * sum(l.cost),
        p_sign * count(*) filter (where l.cost_source = 'unpriced'),
        max(l.at),
        p_sign * coalesce(sum(l.cost) filter (where l.cost_source = 'possible'), 0),
        p_sign * coalesce(sum(l.cost) filter (where l.cost_source = 'estimated'), 0),
        p_sign * count(*) filter (where l.cost_source <> 'reported'),
        p_sign * count(*) filter (where l.type <> 'chat' and l.error is null),
        p_sign * count(l.first_token_ms),
        p_sign * coalesce(sum(l.first_token_ms), 0)
    from unnest(p_lines) as l
    group by 2, 3, 4, 5, 6
    on conflict (school_id, day, user_id, feature, type, model) do update set
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
        first_token_ms = d.first_token_ms + excluded.first_token_ms;
end
$$;

create function private.add_to_closed_days(p_sign integer, p_school uuid, p_zone text, p_lines private.usage_line[])
returns void
language plpgsql volatile security definer set search_path = '' set work_mem = '64MB'
as $$
begin
    with local as materialized (
        select
            l.*,
            l.at at time zone p_zone as here,
            l.cost_source = 'unpriced' as is_unpriced,
            case when l.cost_source = 'possible' then l.cost else 0 end as possible,
            case when l.cost_source = 'estimated' then l.cost else 0 end as estimated,
            l.type <> 'chat' and l.error is null as is_photo
        from unnest(p_lines) as l
    ),

    detail as (
        insert into public.usage_daily_detail as d (
            school_id, class_id, day, feature, type, model, error, requests, tokens, cost, unpriced, possible_cost,
            estimated_cost, photos, first_tokens, first_token_ms, hours
        )
        select
            p_school, l.class_id, l.here::date, l.feature, l.type, l.model, l.error,
            p_sign * count(*),
            p_sign * sum(l.tokens),
            p_sign * sum(l.cost),
            p_sign * count(*) filter (where l.is_unpriced),
            p_sign * sum(l.possible),
            p_sign * sum(l.estimated),
            p_sign * count(*) filter (where l.is_photo),
            p_sign * count(l.first_token_ms),
            p_sign * coalesce(sum(l.first_token_ms), 0),
            array_agg(date_part('hour', l.here)::smallint)
        from local as l
        group by 2, 3, 4, 5, 6, 7
        on conflict (school_id, class_id, day, feature, type, model, error) do update set
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
                when p_sign > 0 then d.hours || excluded.hours else private.without_hours(d.hours, excluded.hours)
            end
    ),

    hourly as (
        insert into public.usage_hourly as h (
            school_id, day, hour, utc_day, feature, type, model, requests, errors, tokens, cost, unpriced,
            possible_cost, estimated_cost, photos, first_tokens, first_token_ms
        )
        select
            p_school, l.here::date, date_part('hour', l.here), (l.at at time zone 'UTC')::date, l.feature, l.type,
            l.model,
            p_sign * count(*),
            p_sign * count(l.error),
            p_sign * sum(l.tokens),
            p_sign * sum(l.cost),
            p_sign * count(*) filter (where l.is_unpriced),
            p_sign * sum(l.possible),
            p_sign * sum(l.estimated),
            p_sign * count(*) filter (where l.is_photo),
            p_sign * count(l.first_token_ms),
            p_sign * coalesce(sum(l.first_token_ms), 0)
        from local as l
        group by 2, 3, 4, 5, 6, 7
        on conflict (school_id, day, hour, utc_day, feature, type, model) do update set
            requests = h.requests + excluded.requests,
            errors = h.errors + excluded.errors,
            tokens = h.tokens + excluded.tokens,
            cost = h.cost + excluded.cost,
            unpriced = h.unpriced + excluded.unpriced,
            possible_cost = h.possible_cost + excluded.possible_cost,
            estimated_cost = h.estimated_cost + excluded.estimated_cost,
            photos = h.photos + excluded.photos,
            first_tokens = h.first_tokens + excluded.first_tokens,
            first_token_ms = h.first_token_ms + excluded.first_token_ms
    ),

    by_month as materialized (
        select
            date_trunc('month', l.here)::date as month,
            l.user_id, l.class_id, l.feature, l.model,
            p_sign * count(*) as requests,
            p_sign * count(l.error) as errors,
            p_sign * sum(l.tokens) as tokens,
            p_sign * sum(l.cost) as cost,
            p_sign * count(*) filter (where l.is_unpriced) as unpriced,
            p_sign * sum(l.possible) as possible,
            p_sign * sum(l.estimated) as estimated,
            p_sign * count(*) filter (where l.is_photo) as photos,
            bit_or(1 << (date_part('day', l.here)::integer - 1)) as days
        from local as l
        group by 1, 2, 3, 4, 5
    ),

    monthly as (
        insert into public.usage_monthly as m (
            school_id, month, user_id, class_id, requests, errors, tokens, cost, unpriced, possible_cost,
            estimated_cost, photos, days
        )
        select
            p_school, b.month, b.user_id, b.class_id, sum(b.requests), sum(b.errors), sum(b.tokens), sum(b.cost),
            sum(b.unpriced), sum(b.possible), sum(b.estimated), sum(b.photos), bit_or(b.days)
        from by_month as b
        group by 2, 3, 4
        on conflict (school_id, user_id, month, class_id) do update set
            requests = m.requests + excluded.requests,
            errors = m.errors + excluded.errors,
            tokens = m.tokens + excluded.tokens,
            cost = m.cost + excluded.cost,
            unpriced = m.unpriced + excluded.unpriced,
            possible_cost = m.possible_cost + excluded.possible_cost,
            estimated_cost = m.estimated_cost + excluded.estimated_cost,
            photos = m.photos + excluded.photos,
            days = m.days | excluded.days
    )

    insert into public.usage_monthly_detail as m (
        school_id, month, user_id, class_id, feature, model, requests, errors, tokens, cost, unpriced, possible_cost,
        estimated_cost, photos, days
    )
    select
        p_school, b.month, b.user_id, b.class_id, b.feature, b.model, b.requests, b.errors, b.tokens, b.cost,
        b.unpriced, b.possible, b.estimated, b.photos, b.days
    from by_month as b
    on conflict (school_id, user_id, month, class_id, feature, model) do update set
        requests = m.requests + excluded.requests,
        errors = m.errors + excluded.errors,
        tokens = m.tokens + excluded.tokens,
        cost = m.cost + excluded.cost,
        unpriced = m.unpriced + excluded.unpriced,
        possible_cost = m.possible_cost + excluded.possible_cost,
        estimated_cost = m.estimated_cost + excluded.estimated_cost,
        photos = m.photos + excluded.photos,
        days = m.days | excluded.days;
end
$$;
