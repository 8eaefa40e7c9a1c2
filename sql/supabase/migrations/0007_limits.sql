create table public.limits (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null references public.schools (id) on delete cascade,
    staff_id uuid,
    type text not null check (type in ('chat', 'image', 'batch_image')),
    at_most integer not null check (at_most between 1 and 10000),
    per_seconds numeric not null check (per_seconds > 0),
    min_gap_seconds numeric not null default 0 check (min_gap_seconds >= 0),
    created_at timestamptz not null default now(),
    unique nulls not distinct (school_id, staff_id, type),
    foreign key (school_id, staff_id) references public.staff (school_id, id) on delete cascade
);
comment on table public.limits is
'How often one person may do a thing; a row with a staff_id overrules the school''s for that person.';

create table public.rate_limits (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null references public.schools (id) on delete cascade,
    user_id uuid,
    type text not null check (type in ('chat', 'image', 'batch_image')),
    endpoint text not null,
    created_at timestamptz not null default now(),
    foreign key (school_id, user_id) references public.staff (school_id, id) on delete cascade
);
comment on table public.rate_limits is
'A slot that was taken: one start of one paid call; user_id is null for the operator.';
create index rate_limits_user_id_type_created_at_idx on public.rate_limits (user_id, type, created_at);
create index rate_limits_created_at_idx on public.rate_limits (created_at);
-- The operator's slots have no user_id, so the limiter counts by this key, which is never null.
create index rate_limits_holder_idx on public.rate_limits (coalesce(user_id, school_id), type, created_at);

-- One window per kind of call, from the day the school is made.
create function private.give_a_school_its_limits() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    insert into public.limits (school_id, type, at_most, per_seconds, min_gap_seconds)
    values
    (new.id, 'chat', 10, 60, 0),
    (new.id, 'image', 5, 60, 0),
    (new.id, 'batch_image', 50, 3600, 2);
    return new;
end
$$;
create trigger give_a_school_its_limits after insert on public.schools
for each row execute function private.give_a_school_its_limits();

alter table public.limits enable row level security;
revoke all on public.limits from public, anon, authenticated, service_role;
grant select on public.limits to authenticated;
grant select, insert, update, delete on public.limits to service_role;
create policy "members read their school's limits" on public.limits
for select to authenticated using (school_id = (select private.my_school_id()));

alter table public.rate_limits enable row level security;
revoke all on public.rate_limits from public, anon, authenticated, service_role;
grant select on public.rate_limits to authenticated;
grant select, insert, update, delete on public.rate_limits to service_role;
create policy "people read their own slots, admins the school's" on public.rate_limits
for select to authenticated
using (
    user_id = (select private.me())
    or (school_id = (select private.my_school_id()) and (select private.is_admin()))
);

create function private.limit_for(p_school uuid, p_staff uuid, p_type text) returns public.limits
language sql stable security definer set search_path = ''
as $$
    select l.*
    from public.limits as l
    where l.school_id = p_school and l.type = p_type and (l.staff_id is null or l.staff_id = p_staff)
    order by l.staff_id nulls last
    limit 1
$$;

-- When the (p_ahead + 1)-th next slot opens, given what the window already holds.
create function private.slot_opens_at(p_school uuid, p_staff uuid, p_type text, p_ahead integer default 0)
returns timestamptz
language plpgsql volatile security definer set search_path = ''
as $$
declare
    l public.limits := private.limit_for(p_school, p_staff, p_type);
    holder uuid := coalesce(p_staff, p_school);
    at_now timestamptz := clock_timestamp();
    taken timestamptz[];
    used integer;
    opens timestamptz := at_now;
begin
    select coalesce(array_agg(r.created_at order by r.created_at), '{}') into taken
    from public.rate_limits as r
    where coalesce(r.user_id, r.school_id) = holder and r.type = p_type
        and r.created_at > at_now - make_interval(secs => l.per_seconds::double precision);
    used := cardinality(taken);
    -- Those ahead take their slots as soon as these open, so a whole window later the pattern repeats.
    if used + p_ahead >= l.at_most then
        if used + p_ahead - l.at_most < used then
            opens := taken[used + p_ahead - l.at_most + 1] + make_interval(secs => l.per_seconds::double precision);
        else
            opens := at_now + make_interval(secs => l.per_seconds::double precision * ((p_ahead + used) / l.at_most));
        end if;
    end if;
    if used > 0 then
        opens := greatest(opens, taken[used] + make_interval(secs => l.min_gap_seconds::double precision * (p_ahead + 1)));
    elsif p_ahead > 0 then
        opens := greatest(opens, at_now + make_interval(secs => l.min_gap_seconds::double precision * p_ahead));
    end if;
    return opens;
end
$$;
comment on function private.slot_opens_at(uuid, uuid, text, integer) is
'A forecast for the page and for waking a waiting job; only take_slot_for decides.';

-- One decision at a time for a holder and type: the lock is a statement of its own, and the clock is read
-- after it, so that a decision which waited sees what the others inserted (READ COMMITTED only).
create function private.take_slot_for(p_school uuid, p_staff uuid, p_type text, p_endpoint text)
returns timestamptz
language plpgsql volatile security definer set search_path = ''
as $$
declare
    holder uuid := coalesce(p_staff, p_school);
    l public.limits;
    at_now timestamptz;
    used integer;
    oldest timestamptz;
    newest timestamptz;
begin
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(holder::text || '/' || p_type, 7));
    l := private.limit_for(p_school, p_staff, p_type);
    if l.id is null then
        raise exception 'no limit is set for %', p_type using errcode = 'SR500';
    end if;
    at_now := clock_timestamp();
    delete from public.rate_limits as r
    where coalesce(r.user_id, r.school_id) = holder and r.type = p_type
        and r.created_at < at_now - make_interval(secs => l.per_seconds::double precision) - interval '1 hour';
    select count(*), min(recent.created_at), max(recent.created_at) into used, oldest, newest
    from (
        select r.created_at
        from public.rate_limits as r
        where coalesce(r.user_id, r.school_id) = holder and r.type = p_type
            and r.created_at > at_now - make_interval(secs => l.per_seconds::double precision)
        order by r.created_at desc
        limit l.at_most
    ) as recent;
    if used >= l.at_most then
        return greatest(
            oldest + make_interval(secs => l.per_seconds::double precision),
            newest + make_interval(secs => l.min_gap_seconds::double precision)
        );
    end if;
    if newest + make_interval(secs => l.min_gap_seconds::double precision) > at_now then
        return newest + make_interval(secs => l.min_gap_seconds::double precision);
    end if;
    insert into public.rate_limits (school_id, user_id, type, endpoint, created_at)
    values (p_school, p_staff, p_type, p_endpoint, at_now);
    return null;
end
$$;
comment on function private.take_slot_for(uuid, uuid, text, text) is
'Null when a slot was taken, else when to ask again.';
grant execute on function private.take_slot_for(uuid, uuid, text, text) to service_role;
grant execute on function private.slot_opens_at(uuid, uuid, text, integer) to service_role;

create function private.take_slot(p_type text, p_endpoint text) returns timestamptz
language plpgsql volatile security definer set search_path = ''
as $$
begin
    if private.me() is null then
        raise exception 'nobody is signed in' using errcode = '42501';
    end if;
    return private.take_slot_for(private.my_school_id(), private.me(), p_type, p_endpoint);
end
$$;
comment on function private.take_slot(text, text) is 'Null when the caller got a slot, else when to ask again.';

create function private.my_slots_left(p_type text) returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
    l public.limits := private.limit_for(private.my_school_id(), private.me(), p_type);
begin
    return greatest(0, l.at_most - (
        select count(*)::integer
        from public.rate_limits as r
        where r.user_id = private.me() and r.type = p_type
            and r.created_at > clock_timestamp() - make_interval(secs => l.per_seconds::double precision)
    ));
end
$$;
grant execute on function private.take_slot(text, text), private.my_slots_left(text) to authenticated;
