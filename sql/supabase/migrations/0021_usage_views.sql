-- What the Usage page shows, as views: each reads as whoever asks, so that an admin gets the school's and anyone else
-- their own. Costs are of priced requests, null where there are none, as in openai_daily_stats.

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
where u.state = 'settled' and u.user_id = (select private.me()) and not (select private.is_admin());
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
    where u.state = 'settled' and u.user_id = (select private.me()) and not (select private.is_admin())
) as h
group by h.school_id, h.day, h.hour
having sum(h.requests) > 0;
comment on view public.usage_by_hour is 'Requests in one hour of one day; weekday 1 is Monday.';

create view public.usage_active_teachers with (security_invoker = true) as
select
    w.school_id,
    w.week,
    count(distinct w.user_id) as teachers
from public.usage_weekly as w
where w.requests > 0 and w.user_id is not null
group by w.school_id, w.week;
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
