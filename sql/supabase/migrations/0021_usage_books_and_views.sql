-- The books: what keeps the rollups, and what the Usage page shows of
-- them.

-- What is rolled up came from the ledger, whose foreign key says already that the school is there.
alter table public.usage_daily drop constraint usage_daily_school_id_fkey;
create function private.empty_rollups(p_school uuid) returns void
language sql volatile security definer set search_path = ''
as $$
    delete from public.usage_daily as d where d.school_id = p_school;
    delete from public.usage_daily_detail as d where d.school_id = p_school;
    delete from public.usage_hourly as h where h.school_id = p_school;
    delete from public.usage_monthly as m where m.school_id = p_school;
    delete from public.usage_monthly_detail as m where m.school_id = p_school;
$$;
create function private.forget_rollups() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    perform private.empty_rollups(old.id);
    return null;
end
$$;
create trigger forget_rollups after delete on public.schools
for each row execute function private.forget_rollups();

-- A settled row keeps what it was for, too: so no day of a month is ever left without use again.
create or replace function private.keep_the_ledger() returns trigger
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
        and new.state = 'settled' and new.cost_source = 'reported'
        and (new.model, new.feature, new.class_id) is not distinct from (old.model, old.feature, old.class_id) then
        return new;
    end if;
    raise exception 'a % ledger row does not change', old.state using errcode = 'SR510';
end
$$;

create function private.close_days(p_school uuid, p_zone text, p_from timestamptz, p_until timestamptz) returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
    beginning timestamptz := p_from;
    ending timestamptz;
begin
    -- Month by month, so that a long past, too, fits in memory.
    loop
        select min(u.created_at) into beginning
        from public.openai_usage as u
        where u.school_id = p_school and u.created_at >= beginning and u.created_at < p_until;
        exit when beginning is null;
        ending := least(
            p_until, (date_trunc('month', beginning at time zone p_zone) + interval '1 month') at time zone p_zone
        );
        perform private.add_to_closed_days(1, p_school, p_zone, array(
            select l.line
            from private.usage_lines as l
            where l.school_id = p_school and l.created_at >= beginning and l.created_at < ending
        ));
        beginning := ending;
    end loop;
    update public.usage_books as b
    set closed_until = p_until, last_day = (p_until at time zone p_zone)::date - 1
    where b.school_id = p_school;
end
$$;

-- A row counts from the moment it is settled. Everyone in a school shares rows of the rollups, so settlements of one
-- school go one at a time until their transactions end: whatever order they touch the rows in, none waits for another
-- that waits for it.
create function private.roll_up_usage() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
    school uuid;
    came private.usage_line[];
    gone private.usage_line[];
    oldest timestamptz;
    books record;
begin
    for school, came, oldest in
        select
            a.school_id,
            array_agg((
                a.created_at, a.user_id, a.class_id, a.feature, a.type, a.model, a.error,
                coalesce(a.total_tokens, 0), coalesce(a.estimated_cost, 0), a.cost_source, a.first_token_ms
            )::private.usage_line),
            min(a.created_at)
        from after as a
        where a.state = 'settled'
        group by a.school_id
        order by a.school_id
    loop
        loop
            select
                b.closed_until,
                s.time_zone,
                date_trunc('day', now() at time zone s.time_zone) at time zone s.time_zone as today
            into books
            from public.usage_books as b
            inner join public.schools as s on b.school_id = s.id
            where b.school_id = school
            for update of b;
            exit when found;
            insert into public.usage_books (school_id) values (school) on conflict do nothing;
        end loop;
        perform private.add_to_days(1, school, books.time_zone, came);
        if oldest < books.closed_until then
            perform private.add_to_closed_days(1, school, books.time_zone, array(
                select l from unnest(came) as l where l.at < books.closed_until
            ));
        end if;
        if tg_op = 'UPDATE' then
            gone := array(
                select (
                    b.created_at, b.user_id, b.class_id, b.feature, b.type, b.model, b.error,
                    coalesce(b.total_tokens, 0), coalesce(b.estimated_cost, 0), b.cost_source, b.first_token_ms
                )::private.usage_line
                from before as b
                where b.state = 'settled' and b.school_id = school
            );
            if gone <> '{}' then
                perform private.add_to_days(-1, school, books.time_zone, gone);
                perform private.add_to_closed_days(-1, school, books.time_zone, array(
                    select l from unnest(gone) as l where l.at < books.closed_until
                ));
            end if;
        end if;
        -- A snapshot from before would miss who settled since.
        if books.today > books.closed_until and current_setting('transaction_isolation') = 'read committed' then
            perform private.close_days(school, books.time_zone, books.closed_until, books.today);
        end if;
    end loop;
    return null;
end
$$;
create trigger roll_up_inserted_usage after insert on public.openai_usage
referencing new table as after
for each statement execute function private.roll_up_usage();
create trigger roll_up_updated_usage after update on public.openai_usage
referencing old table as before new table as after
for each statement execute function private.roll_up_usage();

-- As if all of it were settled at once, a month at a time: of a school whose days are others in another zone and whose
-- late replies must find the days that they change; and once of all.
create function private.recount_usage(p_school uuid, p_zone text) returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
    month private.usage_line[];
    books public.usage_books;
begin
    update public.usage_books as b set closed_until = default, last_day = default
    where b.school_id = p_school
    returning b.* into books;
    perform private.empty_rollups(p_school);
    for month in
        select array_agg(l.line)
        from private.usage_lines as l
        where l.school_id = p_school
        group by date_trunc('month', l.created_at)
    loop
        perform private.add_to_days(1, p_school, p_zone, month);
    end loop;
    if books.school_id is not null then
        perform private.close_days(
            p_school, p_zone, books.closed_until, date_trunc('day', now() at time zone p_zone) at time zone p_zone
        );
    end if;
end
$$;
create function private.recount_in_another_zone() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    perform private.recount_usage(new.id, new.time_zone);
    return null;
end
$$;
create trigger recount_in_another_zone after update of time_zone on public.schools
for each row when (old.time_zone is distinct from new.time_zone)
execute function private.recount_in_another_zone();

insert into public.usage_books (school_id)
select distinct l.school_id from private.usage_lines as l;
select private.recount_usage(b.school_id, s.time_zone)
from public.usage_books as b
inner join public.schools as s on b.school_id = s.id;

-- What the Usage page shows, as views: each reads as whoever asks, so that an admin gets the school's and anyone else
-- their own. Costs are of priced requests, null where there are none, as in openai_daily_stats.

create function private.unbooked_since() returns timestamptz
language sql stable security definer set search_path = ''
as $$
    select case
        when private.is_admin() then coalesce(
            (select b.closed_until from public.usage_books as b where b.school_id = private.my_school_id()),
            '-infinity'
        )
        else '-infinity'
    end
$$;
comment on function private.unbooked_since() is
'From when on a reader takes calls from the ledger itself: admins those of the open day, anyone else all of their own.';
grant execute on function private.unbooked_since() to authenticated;

create view public.usage_details with (security_invoker = true) as
select
    d.school_id,
    d.class_id,
    d.feature,
    d.type,
    d.model,
    d.error,
    d.day,
    d.requests,
    d.tokens,
    d.cost,
    d.unpriced,
    d.possible_cost,
    d.estimated_cost,
    d.photos,
    d.first_tokens,
    d.first_token_ms
from public.usage_daily_detail as d
union all
select
    u.school_id,
    u.class_id,
    u.feature,
    u.type,
    u.model,
    u.error,
    (u.created_at at time zone s.time_zone)::date as day,
    1 as requests,
    coalesce(u.total_tokens, 0) as tokens,
    coalesce(u.estimated_cost, 0) as cost,
    case when u.cost_source = 'unpriced' then 1 else 0 end as unpriced,
    case when u.cost_source = 'possible' then u.estimated_cost else 0 end as possible_cost,
    case when u.cost_source = 'estimated' then u.estimated_cost else 0 end as estimated_cost,
    case when u.type <> 'chat' and u.error is null then 1 else 0 end as photos,
    case when u.first_token_ms is null then 0 else 1 end as first_tokens,
    coalesce(u.first_token_ms, 0) as first_token_ms
from public.openai_usage as u
inner join public.schools as s on u.school_id = s.id
where
    u.state = 'settled' and u.school_id = (select private.my_school_id())
    and u.created_at >= (select private.unbooked_since());
comment on view public.usage_details is
'Settled attempts by day, class, feature, type, model and outcome: the school''s for admins, else the reader''s own.';

create view public.usage_by_class with (security_invoker = true) as
select
    d.school_id,
    d.day,
    d.class_id,
    c.name as class_name,
    d.type,
    sum(d.requests)::bigint as requests,
    coalesce(sum(d.requests) filter (where d.error is not null), 0)::bigint as errors,
    sum(d.tokens)::bigint as tokens,
    case when sum(d.requests) > sum(d.unpriced) then sum(d.cost) end as cost,
    sum(d.unpriced)::bigint as unpriced,
    sum(d.possible_cost) as possible_cost,
    sum(d.estimated_cost) as estimated_cost
from public.usage_details as d
left join public.classes as c on d.class_id = c.id
group by d.school_id, d.day, d.class_id, c.name, d.type
having sum(d.requests) > 0;
comment on view public.usage_by_class is
'Usage of one class by day and type; without a name the reader may not see the class, without a class it was for none.';

create view public.usage_by_feature with (security_invoker = true) as
select
    d.school_id,
    d.day,
    d.feature,
    sum(d.requests)::bigint as requests,
    coalesce(sum(d.requests) filter (where d.error is not null), 0)::bigint as errors,
    sum(d.tokens)::bigint as tokens,
    case when sum(d.requests) > sum(d.unpriced) then sum(d.cost) end as cost,
    sum(d.unpriced)::bigint as unpriced,
    sum(d.possible_cost) as possible_cost,
    sum(d.estimated_cost) as estimated_cost
from public.usage_details as d
group by d.school_id, d.day, d.feature
having sum(d.requests) > 0;
comment on view public.usage_by_feature is 'What it was used for: one feature on one day.';

create view public.usage_by_model with (security_invoker = true) as
select
    d.school_id,
    d.day,
    d.model,
    d.type,
    sum(d.requests)::bigint as requests,
    coalesce(sum(d.requests) filter (where d.error is not null), 0)::bigint as errors,
    sum(d.tokens)::bigint as tokens,
    case when sum(d.requests) > sum(d.unpriced) then sum(d.cost) end as cost,
    sum(d.unpriced)::bigint as unpriced,
    sum(d.possible_cost) as possible_cost,
    sum(d.estimated_cost) as estimated_cost
from public.usage_details as d
group by d.school_id, d.day, d.model, d.type
having sum(d.requests) > 0;
comment on view public.usage_by_model is 'One model by day and type.';

create view public.usage_errors with (security_invoker = true) as
select
    d.school_id,
    d.day,
    d.error,
    d.type,
    sum(d.requests)::bigint as requests,
    case when sum(d.requests) > sum(d.unpriced) then sum(d.cost) end as cost
from public.usage_details as d
where d.error is not null
group by d.school_id, d.day, d.error, d.type
having sum(d.requests) > 0;
comment on view public.usage_errors is 'How often calls of one type ended in one error on one day, and what they cost.';

create view public.usage_photo_success with (security_invoker = true) as
select
    d.school_id,
    d.day,
    d.type,
    sum(d.requests)::bigint as attempts,
    sum(d.photos)::bigint as photos,
    sum(d.photos)::numeric / sum(d.requests) as success_rate
from public.usage_details as d
where d.type <> 'chat'
group by d.school_id, d.day, d.type
having sum(d.requests) > 0;
comment on view public.usage_photo_success is 'Of one day''s attempts at a picture, those that gave one.';

create view public.usage_first_tokens with (security_invoker = true) as
select
    d.school_id,
    d.day,
    d.model,
    sum(d.first_tokens)::bigint as answers,
    sum(d.first_token_ms)::numeric / sum(d.first_tokens) as mean_ms
from public.usage_details as d
group by d.school_id, d.day, d.model
having sum(d.first_tokens) > 0;
comment on view public.usage_first_tokens is 'How long one model''s answers took to begin, on one day.';

create view public.usage_by_hour with (security_invoker = true) as
select
    h.school_id,
    h.day,
    h.hour,
    extract(isodow from h.day)::integer as weekday,
    sum(h.requests)::bigint as requests
from (
    select
        d.school_id,
        d.day,
        d.hour,
        d.requests
    from public.usage_hourly as d
    union all
    select
        u.school_id,
        (u.created_at at time zone s.time_zone)::date as day,
        date_part('hour', u.created_at at time zone s.time_zone)::smallint as hour,
        1 as requests
    from public.openai_usage as u
    inner join public.schools as s on u.school_id = s.id
    where
        u.state = 'settled' and u.school_id = (select private.my_school_id())
        and u.created_at >= (select private.unbooked_since())
) as h
group by h.school_id, h.day, h.hour
having sum(h.requests) > 0;
comment on view public.usage_by_hour is 'Requests in one hour of one day; weekday 1 is Monday.';

create view public.usage_active_teachers with (security_invoker = true) as
select
    d.school_id,
    date_trunc('week', d.day)::date as week,
    count(distinct d.user_id) as teachers
from public.usage_daily as d
where d.requests > 0 and d.user_id is not null
group by d.school_id, date_trunc('week', d.day)::date;
comment on view public.usage_active_teachers is
'How many people used anything in the week from this Monday, as far as the reader may see them.';

create view public.usage_portraits with (security_invoker = true) as
select
    p.school_id,
    p.style,
    (p.made_at at time zone s.time_zone)::date as day,
    count(*) as made,
    count(*) filter (where p.is_current) as kept
from public.photos as p
inner join public.schools as s on p.school_id = s.id
group by p.school_id, (p.made_at at time zone s.time_zone)::date, p.style;
comment on view public.usage_portraits is
'Portraits of one day and style, and how many of them are shown now, of students whom the reader may see.';

create view public.usage_topics with (security_invoker = true) as
select
    u.school_id,
    u.feature,
    (u.created_at at time zone s.time_zone)::date as day,
    u.request_data ->> 'by' as recognised_by,
    count(*) as requests,
    count(u.error) as errors
from public.openai_usage as u
inner join public.schools as s on u.school_id = s.id
where u.state = 'settled' and u.type = 'chat'
group by u.school_id, (u.created_at at time zone s.time_zone)::date, u.feature, u.request_data ->> 'by';
comment on view public.usage_topics is
'What the assistant was asked for on one day, by command and by how it was recognised, never by what was written.';

do $$
declare
    name text;
begin
    foreach name in array array[
        'usage_details', 'usage_by_class', 'usage_by_feature', 'usage_by_model', 'usage_errors',
        'usage_photo_success', 'usage_first_tokens', 'usage_by_hour', 'usage_active_teachers', 'usage_portraits',
        'usage_topics'
    ] loop
        execute format('revoke all on public.%I from public, anon, authenticated, service_role', name);
        execute format('grant select on public.%I to authenticated', name);
    end loop;
end
$$;
