-- A public demo: each visit has a school of its own, copied from the made-up one that seeding makes.

create table public.demo_visits (
    school_id uuid primary key references public.schools (id) on delete cascade,
    token_hash bytea not null check (octet_length(token_hash) = 32),
    seen_at timestamptz not null default now(),
    -- From then on nobody finds it, and the worker drops it.
    ended_at timestamptz,
    created_at timestamptz not null default now()
);
comment on table public.demo_visits is
'A visit of the public demo, with its own copy of the made-up school; over after a day, or when newer ones need room.';
comment on column public.demo_visits.token_hash is 'sha256 of what the visit''s address holds; nobody may read it.';
create index demo_visits_token_hash_idx on public.demo_visits (token_hash);

create table public.demo_costs (
    school_id uuid primary key,
    cost_usd numeric(16, 10) not null check (cost_usd >= 0),
    created_at timestamptz not null default now()
);
comment on table public.demo_costs is
'What the calls of a dropped visit cost, since the limit of a public demo counts all that was ever spent.';

do $$
declare
    name text;
begin
    foreach name in array array['demo_visits', 'demo_costs'] loop
        execute format('alter table public.%I enable row level security', name);
        execute format('revoke all on public.%I from public, anon, authenticated, service_role', name);
    end loop;
end
$$;
grant select, update on public.demo_visits to service_role;
grant select on public.demo_costs to service_role;

-- Where a row of the made-up school stands in the copy: nobody can tell it without knowing the copy.
create function private.twin(p_school uuid, p_id uuid) returns uuid
language sql immutable set search_path = ''
as $$
    select substr(encode(sha256(uuid_send(p_school) || uuid_send(p_id)), 'hex'), 1, 32)::uuid
$$;
comment on function private.twin(uuid, uuid) is 'The id that a row of the made-up school has in a visit''s copy of it.';

create function private.with_twins(p_template uuid, p_school uuid, p_text text) returns text
language plpgsql immutable set search_path = ''
as $$
declare
    id uuid;
begin
    for id in
        select distinct m[1]::uuid
        from regexp_matches(p_text, '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'g') as m
    loop
        p_text := replace(
            p_text, id::text, (case when id = p_template then p_school else private.twin(p_school, id) end)::text
        );
    end loop;
    return p_text;
end
$$;
comment on function private.with_twins(uuid, uuid, text) is 'A text with every id that it names put as the copy''s.';

create function private.demo_template() returns uuid
language sql stable security definer set search_path = ''
as $$
    select s.id from public.schools as s
    where s.kind = 'demo' and not exists (select from public.demo_visits as v where v.school_id = s.id)
        and not exists (select from public.schools as r where r.kind = 'real')
    order by s.created_at
    limit 1
$$;
comment on function private.demo_template() is
'The school that visits get a copy of: null in a database that holds any real school.';

-- A row of the ledger stands for nothing that anyone paid, so that the copy's never counts against the demo's limit.
-- Rollups come of the ledger by themselves, limits and sessions with whom they limit; a reply and a wish that waits
-- are the worker's business, and it knows the template's alone.
create function private.copied_columns(p_table regclass) returns table (names text, copies text)
language sql stable set search_path = ''
as $$
    select
        string_agg(quote_ident(a.attname), ', ' order by a.attnum),
        string_agg(
            case
                when a.attname = 'school_id' or (p_table = 'public.schools'::regclass and a.attname = 'id') then '$2'
                when a.atttypid = 'uuid'::regtype then format(
                    'substr(encode(sha256($3 || uuid_send(t.%I)), ''hex''), 1, 32)::uuid', a.attname
                )
                when p_table = 'public.openai_usage'::regclass and a.attname = 'request_data'
                    then 't.request_data || ''{"seeded": true}'''
                when a.atttypid = 'jsonb'::regtype then format(
                    'case when t.%1$I::text ~ ''[0-9a-f]{8}-[0-9a-f]{4}-'''
                    || ' then private.with_twins($1, $2, t.%1$I::text)::jsonb else t.%1$I end', a.attname
                )
                when (p_table::oid, a.attname) in (
                    ('public.audit_log'::regclass, 'object'), ('public.chat_tokens'::regclass, 'entity')
                ) then format('private.with_twins($1, $2, t.%I)', a.attname)
                -- An address in the bucket is the file's, which the copy shares.
                when (p_table::oid, a.attname) in (
                    ('public.photos'::regclass, 'address'), ('public.students'::regclass, 'profile_photo')
                ) then format(
                    'case when t.%1$I like ''/%%'' then private.with_twins($1, $2, t.%1$I) else t.%1$I end', a.attname
                )
                else format('t.%I', a.attname)
            end,
            ', ' order by a.attnum
        )
    from pg_catalog.pg_attribute as a
    where a.attrelid = p_table and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
$$;

create function private.copied_tables() returns table (name regclass, only_where text)
language sql stable set search_path = ''
as $$
    with recursive tables as (
        select c.oid from pg_catalog.pg_class as c
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
            and exists (
                select from pg_catalog.pg_attribute as a
                where a.attrelid = c.oid and a.attname = case c.relname when 'schools' then 'id' else 'school_id' end
            )
            and c.relname not in (
                'demo_visits', 'demo_costs', 'sessions', 'staff_sign_ins', 'rate_limits', 'photo_replies',
                'usage_books', 'usage_daily', 'usage_daily_detail', 'usage_hourly', 'usage_monthly',
                'usage_monthly_detail'
            )
    ),

    needs as (
        select distinct k.conrelid as child, k.confrelid as parent from pg_catalog.pg_constraint as k
        where k.contype = 'f' and k.conrelid <> k.confrelid
    ),

    steps as (
        select t.oid, 0 as step from tables as t
        union
        select n.child, s.step + 1 from steps as s
        inner join needs as n on s.oid = n.parent
        where n.child in (select t.oid from tables as t)
    )

    select
        s.oid::regclass,
        case s.oid
            when 'public.schools'::regclass then 't.id = $1'
            when 'public.photo_jobs'::regclass
                then 't.school_id = $1 and t.state not in (''queued'', ''reserved'', ''calling'')'
            else 't.school_id = $1'
        end
    from steps as s
    group by s.oid
    order by max(s.step), s.oid
$$;
comment on function private.copied_tables() is 'What a copy of the made-up school holds, parents before children.';

create function private.copy_demo_school(p_template uuid) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
    school uuid := gen_random_uuid();
    copied record;
begin
    for copied in
        select t.name, t.only_where, c.names, c.copies
        from private.copied_tables() as t
        cross join lateral private.copied_columns(t.name) as c
    loop
        if copied.name = 'public.limits'::regclass then
            delete from public.limits as l where l.school_id = school;
        end if;
        execute format(
            'insert into %s (%s) select %s from %s as t where %s',
            copied.name, copied.names, copied.copies, copied.name, copied.only_where
        ) using p_template, school, uuid_send(school);
    end loop;
    return school;
end
$$;
comment on function private.copy_demo_school(uuid) is
'A whole school again under ids of its own, sharing the files of its portraits; its id.';

-- The most at once, and in a minute; how long one lives; how many may wait to be dropped.
create function private.demo_visit_bounds()
returns table (at_most integer, a_minute integer, lives interval, in_all integer)
language sql immutable set search_path = ''
as $$
    select 50, 30, interval '24 hours', 80
$$;

create function private.end_old_demo_visits() returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
    bounds record;
    ended integer;
begin
    select b.* into bounds from private.demo_visit_bounds() as b;
    -- First who came just now and had no time yet, then who came back to theirs within the hour. Being seen is noted
    -- once in 20 seconds.
    with ranked as (
        select
            v.school_id, v.created_at, row_number() over (
                order by
                    v.created_at > clock_timestamp() - interval '1 minute' desc,
                    v.seen_at > greatest(
                        v.created_at + interval '20 seconds', clock_timestamp() - interval '1 hour'
                    ) desc,
                    v.seen_at desc, v.created_at desc
            ) as place
        from public.demo_visits as v
        where v.ended_at is null
    )
    update public.demo_visits as v set ended_at = clock_timestamp()
    from ranked as r
    where v.school_id = r.school_id
        and (r.place > bounds.at_most or r.created_at < clock_timestamp() - bounds.lives);
    get diagnostics ended = row_count;
    return ended;
end
$$;
comment on function private.end_old_demo_visits() is
'Ends visits of a day ago, and beyond the most that may be the longest unseen, those only opened first: how many.';

create function private.begin_demo_visit(p_token_hash bytea) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
declare
    template uuid;
    bounds record;
    opens timestamptz;
begin
    if private.me() is not null then
        raise exception 'somebody is known already' using errcode = '42501';
    end if;
    -- Seeding and a reset take the same lock: nobody gets half of a school.
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('demo school', 7));
    template := private.demo_template();
    if template is null then
        raise exception 'no made-up school' using errcode = '42501';
    end if;
    if exists (select from public.demo_visits as v where v.token_hash = p_token_hash) then
        return false;
    end if;
    select b.* into bounds from private.demo_visit_bounds() as b;
    select v.created_at + interval '1 minute' into opens from public.demo_visits as v
    where v.created_at > clock_timestamp() - interval '1 minute'
    order by v.created_at desc
    offset bounds.a_minute - 1 limit 1;
    if opens is null and (select count(*) from public.demo_visits) >= bounds.in_all then
        opens := clock_timestamp() + interval '1 minute';
    end if;
    if opens is not null then
        raise exception 'many visitors at once' using errcode = 'SR430', detail = ceil(
            extract(epoch from opens - clock_timestamp())
        )::text;
    end if;
    insert into public.demo_visits (school_id, token_hash, seen_at, created_at)
    values (private.copy_demo_school(template), p_token_hash, clock_timestamp(), clock_timestamp());
    perform private.end_old_demo_visits();
    return true;
end
$$;
comment on function private.begin_demo_visit(bytea) is
'Makes a visit its school, in a database of nothing but made-up schools; false where it has one already.';

create function private.demo_visitor(p_token_hash bytea, p_email text)
returns table (
    staff_id uuid, school_id uuid, full_name text, role text, school_name text, time_zone text, ends_at timestamptz
)
language plpgsql volatile security definer set search_path = ''
as $$
begin
    update public.demo_visits as v set seen_at = clock_timestamp()
    where v.token_hash = p_token_hash and v.ended_at is null and v.seen_at < clock_timestamp() - interval '20 seconds';
    return query
    select st.id, st.school_id, st.full_name, st.role, sc.name, sc.time_zone, v.created_at + b.lives
    from public.demo_visits as v
    cross join private.demo_visit_bounds() as b
    inner join public.schools as sc on v.school_id = sc.id and sc.kind = 'demo'
    inner join public.staff as st on sc.id = st.school_id
    where v.token_hash = p_token_hash and v.ended_at is null and v.created_at > clock_timestamp() - b.lives
        and st.active and lower(st.email) = lower(p_email);
end
$$;
comment on function private.demo_visitor(bytea, text) is
'A made-up person of the visit''s own school, for whoever holds its unguessable address; none once it is over.';

create or replace function private.demo_person(p_email text)
returns table (staff_id uuid, school_id uuid, full_name text, role text, school_name text, time_zone text)
language sql stable security definer set search_path = ''
as $$
    select st.id, st.school_id, st.full_name, st.role, sc.name, sc.time_zone
    from public.staff as st
    inner join public.schools as sc on st.school_id = sc.id
    where sc.kind = 'demo' and st.active and lower(st.email) = lower(p_email)
        and not exists (select from public.demo_visits as v where v.school_id = sc.id)
    order by sc.created_at
    limit 1
$$;

grant execute on function private.begin_demo_visit(bytea), private.demo_visitor(bytea, text) to authenticated;
grant execute on function private.end_old_demo_visits() to service_role;
