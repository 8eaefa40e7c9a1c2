create table public.budgets (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null references public.schools (id) on delete cascade,
    class_id uuid,
    staff_id uuid,
    month date check (extract(day from month) = 1),
    -- As an admin typed it: whole cents.
    amount_usd numeric(8, 2) not null check (amount_usd between 0.01 and 100000),
    hard boolean not null,
    created_at timestamptz not null default now(),
    unique (school_id, id),
    unique nulls not distinct (school_id, class_id, staff_id, month),
    check (class_id is null or staff_id is null),
    foreign key (school_id, class_id) references public.classes (school_id, id) on delete cascade,
    foreign key (school_id, staff_id) references public.staff (school_id, id) on delete cascade
);
comment on table public.budgets is
'What may be spent in a month of the school: for a class, by a person, or with neither of the two by all.';
comment on column public.budgets.month is
'The 1st of the one month that it is for; null for every month without one of its own.';
comment on column public.budgets.hard is
'Whether a call that does not fit is refused; of a soft one there are warnings alone.';
create index budgets_staff_id_idx on public.budgets (staff_id) where staff_id is not null;
create index budgets_class_id_idx on public.budgets (class_id) where class_id is not null;

create table public.budget_warnings (
    school_id uuid not null,
    budget_id uuid not null,
    month date not null check (extract(day from month) = 1),
    percent smallint not null check (percent in (50, 80, 100)),
    amount_usd numeric(8, 2) not null,
    created_at timestamptz not null default clock_timestamp(),
    primary key (school_id, budget_id, month, percent),
    foreign key (school_id, budget_id) references public.budgets (school_id, id) on delete cascade
);
comment on table public.budget_warnings is
'So much of a budget was spent or held in a month for the first time; amount_usd is what the budget was then.';

alter table public.budgets enable row level security;
alter table public.budget_warnings enable row level security;
revoke all on public.budgets, public.budget_warnings from public, anon, authenticated, service_role;
grant select on public.budgets, public.budget_warnings to authenticated;
-- The demo's seed.
grant select, insert on public.budgets to service_role;
grant select on public.budget_warnings to service_role;
create policy "people read their own and their classes' budgets, admins the school's" on public.budgets
for select to authenticated
using (
    school_id = (select private.my_school_id())
    and (
        staff_id = (select private.me())
        or class_id in (select private.my_class_ids())
        or (select private.is_admin())
    )
);
create policy "people read the warnings of the budgets they read" on public.budget_warnings
for select to authenticated
using (budget_id in (select b.id from public.budgets as b));

-- Whole rows, before and after, as of the records that people write.
create trigger audit_added_or_removed after insert or delete on public.budgets
for each row execute function private.audit_record('budget');
create trigger audit_corrected after update on public.budgets for each row
when (old.* is distinct from new.*) execute function private.audit_record('budget');

-- One thing at a time with a budget. Whoever takes several does so from the school's to the class's to the person's.
create function private.lock_budget(p_holder uuid) returns void
language sql volatile security definer set search_path = ''
as $$
    select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(p_holder::text || '/budget', 7))
$$;
comment on function private.lock_budget(uuid) is
'Until the transaction ends; the holder is the school, the class or the person. Called by our own functions.';

create function private.budget_month(p_school uuid) returns date
language sql stable security definer set search_path = ''
as $$
    select date_trunc('month', now() at time zone s.time_zone)::date from public.schools as s where s.id = p_school
$$;
comment on function private.budget_month(uuid) is
'The 1st of the school''s month in which a ledger row that this transaction inserts will count.';

create type private.budget_state as (
    budget_id uuid,
    school_id uuid,
    class_id uuid,
    staff_id uuid,
    amount_usd numeric,
    hard boolean,
    spent_usd numeric,
    held_usd numeric,
    unpriced bigint
);
comment on type private.budget_state is
'A budget in a month: settled costs, possible and estimated ones too, and all that is held at this moment.';

-- Stable, so that all of it reads one moment: a row that is being settled counts as held or as spent, and neither twice
-- nor not at all. Days that are closed come from the smallest rollup that tells, as on the page of usage.
create function private.state_of_budget(p_budget public.budgets, p_month date) returns private.budget_state
language plpgsql stable security definer set search_path = ''
as $$
declare
    until date := (p_month + interval '1 month')::date;
    zone text;
    closed_until timestamptz;
    last_day date;
    state private.budget_state;
begin
    select s.time_zone, coalesce(b.closed_until, '-infinity'), coalesce(b.last_day, '1969-12-31')
        into zone, closed_until, last_day
    from public.schools as s
    left join public.usage_books as b on s.id = b.school_id
    where s.id = p_budget.school_id;
    if p_budget.staff_id is not null then
        select sum(d.cost), sum(d.unpriced) into state.spent_usd, state.unpriced
        from public.usage_daily as d
        where d.user_id = p_budget.staff_id and d.day >= p_month and d.day < until;
    elsif p_budget.class_id is not null then
        select sum(u.cost), sum(u.unpriced) into state.spent_usd, state.unpriced
        from (
            select d.cost, d.unpriced
            from public.usage_daily_detail as d
            where d.school_id = p_budget.school_id and d.class_id = p_budget.class_id
                and d.day >= p_month and d.day < until and d.day <= last_day
            union all
            select r.estimated_cost, case when r.cost_source = 'unpriced' then 1 else 0 end
            from public.openai_usage as r
            where r.class_id = p_budget.class_id and r.state = 'settled'
                and r.created_at >= greatest(closed_until, p_month::timestamp at time zone zone)
                and r.created_at < until::timestamp at time zone zone
        ) as u;
    else
        select sum(u.cost), sum(u.unpriced) into state.spent_usd, state.unpriced
        from (
            select h.cost, h.unpriced
            from public.usage_hourly as h
            where h.school_id = p_budget.school_id and h.day >= p_month and h.day < until and h.day <= last_day
            union all
            select d.cost, d.unpriced
            from public.usage_daily as d
            where d.school_id = p_budget.school_id and d.day >= greatest(p_month, last_day + 1) and d.day < until
        ) as u;
    end if;
    select coalesce(sum(u.held_cost), 0), coalesce(state.unpriced, 0) + count(*) filter (where u.held_cost is null)
        into state.held_usd, state.unpriced
    from public.openai_usage as u
    where u.state = 'reserved' and u.school_id = p_budget.school_id
        and (p_budget.class_id is null or u.class_id = p_budget.class_id)
        and (p_budget.staff_id is null or u.user_id = p_budget.staff_id);
    state.budget_id := p_budget.id;
    state.school_id := p_budget.school_id;
    state.class_id := p_budget.class_id;
    state.staff_id := p_budget.staff_id;
    state.amount_usd := p_budget.amount_usd;
    state.hard := p_budget.hard;
    state.spent_usd := coalesce(state.spent_usd, 0);
    return state;
end
$$;
comment on function private.state_of_budget(public.budgets, date) is
'Called by our own functions, which know who may see it.';

create function private.note_warnings(p_states private.budget_state[], p_month date, p_more numeric) returns void
language sql volatile security definer set search_path = ''
as $$
    insert into public.budget_warnings (school_id, budget_id, month, percent, amount_usd)
    select s.school_id, s.budget_id, p_month, mark.percent, s.amount_usd
    from unnest(p_states) as s
    cross join (values (50), (80), (100)) as mark (percent)
    where 100 * (s.spent_usd + s.held_usd + coalesce(p_more, 0)) >= mark.percent * s.amount_usd
    on conflict do nothing
$$;
comment on function private.note_warnings(private.budget_state[], date, numeric) is
'What these have passed with so much more, each once in a month; called with the budgets locked.';

create function private.sums_of_budgets(p_budgets uuid[])
returns table (budget_id uuid, spent_usd numeric, held_usd numeric, unpriced bigint)
language plpgsql stable security definer set search_path = ''
as $$
declare
    school uuid := private.my_school_id();
    this_month date := private.budget_month(private.my_school_id());
    me uuid := private.me();
    is_admin boolean := private.is_admin();
begin
    if me is null then
        raise exception 'nobody is signed in' using errcode = '42501';
    end if;
    return query
    select (s.state).budget_id, (s.state).spent_usd, (s.state).held_usd, (s.state).unpriced
    from (
        select private.state_of_budget(b, this_month) as state
        from public.budgets as b
        where b.id = any(p_budgets) and b.school_id = school
            and (is_admin or b.staff_id = me or b.class_id in (select private.my_class_ids()))
        -- Keeps the state from being worked out once for each of its columns.
        offset 0
    ) as s;
end
$$;
comment on function private.sums_of_budgets(uuid[]) is
'This month''s, also of what colleagues spent for a class; a budget that the caller may not see has no row.';
grant execute on function private.sums_of_budgets(uuid[]) to authenticated;

create function private.school_with_budgets() returns uuid
language plpgsql stable security definer set search_path = ''
as $$
begin
    if private.me() is null or not private.is_admin() then
        raise exception 'an admin sets budgets' using errcode = '42501';
    end if;
    return private.my_school_id();
end
$$;
comment on function private.school_with_budgets() is 'The caller''s, who must be an admin of it.';

create function private.set_budget(p_class uuid, p_staff uuid, p_month date, p_amount numeric, p_hard boolean)
returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
    school uuid := private.school_with_budgets();
    this_month date := private.budget_month(private.my_school_id());
    kept public.budgets;
    state private.budget_state;
begin
    if p_class is not null and not exists (
        select from public.classes as c where c.id = p_class and c.school_id = school
    ) or p_staff is not null and not exists (
        select from public.staff as s where s.id = p_staff and s.school_id = school
    ) then
        raise exception 'unknown class or person' using errcode = '42501';
    end if;
    perform private.lock_budget(coalesce(p_class, p_staff, school));
    insert into public.budgets as b (school_id, class_id, staff_id, month, amount_usd, hard)
    values (school, p_class, p_staff, p_month, p_amount, p_hard)
    on conflict (school_id, class_id, staff_id, month) do update set amount_usd = excluded.amount_usd, hard = excluded.hard
    returning b.* into kept;
    if p_month <> this_month then
        return kept.id;
    end if;
    state := private.state_of_budget(kept, this_month);
    -- What is not passed any more may be passed again.
    delete from public.budget_warnings as w
    where w.budget_id = kept.id and w.month = this_month
        and w.percent * kept.amount_usd > 100 * (state.spent_usd + state.held_usd);
    perform private.note_warnings(array[state], this_month, 0);
    return kept.id;
end
$$;
comment on function private.set_budget(uuid, uuid, date, numeric, boolean) is
'A class''s or a person''s, with neither the school''s; takes the place of the one that is there for the same month.';

create function private.remove_budget(p_budget uuid) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
declare
    school uuid := private.school_with_budgets();
begin
    perform private.lock_budget(coalesce(b.class_id, b.staff_id, b.school_id))
    from public.budgets as b
    where b.id = p_budget and b.school_id = school;
    delete from public.budgets as b where b.id = p_budget and b.school_id = school;
    return found;
end
$$;
comment on function private.remove_budget(uuid) is 'False when it is gone already.';
grant execute on function
private.set_budget(uuid, uuid, date, numeric, boolean), private.remove_budget(uuid)
to authenticated;

create function private.budget_the_next_year() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    insert into public.budgets (school_id, class_id, amount_usd, hard)
    select b.school_id, new.id, b.amount_usd, b.hard
    from public.budgets as b
    where b.school_id = new.school_id and b.class_id = new.continues_id and b.month is null;
    return null;
end
$$;
comment on function private.budget_the_next_year() is
'A class that goes on into the next school year keeps what it may spend in each month.';
create trigger budget_the_next_year after insert on public.classes for each row
when (new.continues_id is not null)
execute function private.budget_the_next_year();
