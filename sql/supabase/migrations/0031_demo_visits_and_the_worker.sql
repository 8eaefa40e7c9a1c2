-- What the worker does for a public demo's visits: it drops those that are over, and shares what is new.

-- A dropped visit's row of the ledger is looked for here.
create index photo_jobs_usage_id_idx on public.photo_jobs (usage_id);

create or replace function private.keep_schools_that_paid() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    if exists (
        select from public.openai_usage as u
        where u.school_id = old.id and u.state <> 'released'
            and coalesce(u.estimated_cost, u.held_cost) is distinct from 0
            and not u.request_data ? 'seeded'
            and u.request_data -> 'by_stand_in' is distinct from 'true'::jsonb
    ) and not exists (select from public.demo_costs as c where c.school_id = old.id) then
        raise exception 'a school that paid for calls stays' using errcode = 'SR510';
    end if;
    return old;
end
$$;

create function private.paid_usd(p_school uuid) returns numeric
language sql stable set search_path = ''
as $$
    select sum(coalesce(u.estimated_cost, u.held_cost)) from public.openai_usage as u
    where (p_school is null or u.school_id = p_school) and u.state <> 'released'
        and not u.request_data ? 'seeded' and u.request_data -> 'by_stand_in' is distinct from 'true'::jsonb
$$;
comment on function private.paid_usd(uuid) is 'What the calls of a school, or of all, cost or may have cost.';

create or replace function private.demo_may_spend(p_limit numeric, p_held numeric) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
    if not exists (select from public.schools as s where s.id = private.my_school_id() and s.kind = 'demo') then
        raise exception 'not a demo' using errcode = '42501';
    end if;
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('demo spend limit', 7));
    return coalesce(p_held, p_limit + 1) + coalesce(private.paid_usd(null), 0)
        + coalesce((select sum(c.cost_usd) from public.demo_costs as c), 0) <= p_limit;
end
$$;

-- The queue's trigger names its tables without a schema, so this path is theirs and not empty.
create function private.drop_demo_visit(p_school uuid) returns text[]
language plpgsql volatile security definer set search_path = procrastinate, pg_temp
as $$
declare
    files text[];
begin
    perform from public.demo_visits as v where v.school_id = p_school and v.ended_at is not null for update;
    if not found then
        return null;
    end if;
    perform from public.photo_jobs as j where j.school_id = p_school for update;
    if exists (
        select from public.photo_jobs as j
        where j.school_id = p_school
            and (j.state in ('reserved', 'calling') or j.state = 'received' and not j.options ? 'demo_features')
    ) or exists (
        select from public.chat_messages as m
        where m.school_id = p_school and m.state = 'writing' and m.heartbeat_at > clock_timestamp() - interval '1 minute'
    ) then
        return null;
    end if;
    select coalesce(array_agg(k.key), '{}') into files
    from public.photos as p
    cross join lateral unnest(array[p.storage_key, p.thumb_key]) as k (key)
    where p.school_id = p_school and k.key like p_school || '/%';
    insert into public.demo_costs (school_id, cost_usd)
    select p_school, paid.usd from private.paid_usd(p_school) as paid (usd) where paid.usd > 0;
    delete from procrastinate.procrastinate_jobs as q
    using public.photo_jobs as j
    where q.args ->> 'job_id' = j.id::text and j.school_id = p_school;
    delete from public.schools as s where s.id = p_school;
    return files;
end
$$;
comment on function private.drop_demo_visit(uuid) is
'Forgets an ended visit but for what it cost; the files that were its own, or null while something of it is under way.';

create function private.share_demo_portraits() returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
    template uuid := private.demo_template();
    drawn record;
    shared integer := 0;
begin
    for drawn in
        select c.id, c.school_id, c.student_id, c.usage_id, t.id as template_id, t.usage_id as template_usage_id
        from public.photo_jobs as c
        inner join public.demo_visits as v on c.school_id = v.school_id and v.ended_at is null
        inner join public.photo_jobs as t
            on t.school_id = template and t.state = 'done' and c.id = private.twin(v.school_id, t.id)
        where c.state = 'received' and c.options ? 'demo_features'
    loop
        insert into public.photos
        select (jsonb_populate_record(p, jsonb_build_object(
            'id', drawn.id, 'school_id', drawn.school_id, 'student_id', drawn.student_id, 'is_current', false,
            'address', replace(p.address, '/app/static/photos/' || p.id, '/app/static/photos/' || drawn.id)
        ))).*
        from public.photos as p
        where p.id = drawn.template_id;
        if not exists (select from public.photos as p where p.student_id = drawn.student_id and p.is_current) then
            perform private.show_photo(drawn.student_id, drawn.id, p.address)
            from public.photos as p where p.id = drawn.id;
        end if;
        update public.openai_usage as u
        set state = t.state, estimated_cost = t.estimated_cost, cost_source = t.cost_source, error = t.error,
            prompt_tokens = t.prompt_tokens, completion_tokens = t.completion_tokens, total_tokens = t.total_tokens,
            response_data = t.response_data, duration_ms = t.duration_ms
        from public.openai_usage as t
        where u.id = drawn.usage_id and t.id = drawn.template_usage_id and u.state = 'reserved';
        update public.photo_jobs as c
        set state = t.state, cost_usd = t.cost_usd, cost_source = t.cost_source, worker_id = t.worker_id,
            finished_at = t.finished_at
        from public.photo_jobs as t
        where c.id = drawn.id and t.id = drawn.template_id;
        shared := shared + 1;
    end loop;
    return shared;
end
$$;
comment on function private.share_demo_portraits() is
'Gives visits the template''s portraits that were drawn after they began; how many.';

create function private.share_demo_meetings(p_day date) returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
    shared integer;
begin
    insert into public.meetings (id, school_id, student_id, staff_id, guardian_id, starts_at, note)
    select
        private.twin(v.school_id, m.id), v.school_id, private.twin(v.school_id, m.student_id),
        private.twin(v.school_id, m.staff_id), private.twin(v.school_id, m.guardian_id), m.starts_at, m.note
    from public.demo_visits as v
    inner join public.meetings as m on m.school_id = private.demo_template()
    inner join public.schools as s on m.school_id = s.id and (m.starts_at at time zone s.time_zone)::date = p_day
    where v.ended_at is null and (v.created_at at time zone s.time_zone)::date < p_day
        and exists (
            select from public.student_guardians as g
            where g.student_id = private.twin(v.school_id, m.student_id)
                and g.guardian_id = private.twin(v.school_id, m.guardian_id)
        )
    on conflict do nothing;
    get diagnostics shared = row_count;
    return shared;
end
$$;
comment on function private.share_demo_meetings(date) is 'Gives visits of the day before their meetings of a new day.';

grant execute on function
private.drop_demo_visit(uuid), private.share_demo_portraits(), private.share_demo_meetings(date) to service_role;
