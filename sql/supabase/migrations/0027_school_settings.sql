-- What an admin decides for the school: models and their prices, limits, and what may go to a model.
-- The price table is the app's, which checks whether a model is known and alive; here stands what can be told
-- without it: who may, in which form, within which bounds, and that every change is in the audit log.

-- Everything that is remembered of an action is found by it: who changed what last.
create index audit_log_school_id_action_created_at_idx on public.audit_log (school_id, action, created_at);

create table public.model_prices (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null references public.schools (id) on delete cascade,
    type text not null check (type in ('chat', 'image')),
    model text not null check (model ~ '^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,99}$'),
    size text not null default '' check (size ~ '^([1-9][0-9]{1,3}x[1-9][0-9]{1,3})?$'),
    quality text not null default '' check (quality in ('', 'low', 'medium', 'high', 'standard', 'hd')),
    input_usd numeric(16, 10) check (input_usd between 0 and 10000),
    cached_usd numeric(16, 10) check (cached_usd between 0 and input_usd),
    output_usd numeric(16, 10) check (output_usd between 0 and 10000),
    image_usd numeric(16, 10) check (image_usd between 0 and 100),
    source text not null check (length(btrim(source)) between 1 and 200),
    entered_by uuid not null,
    entered_at timestamptz not null default clock_timestamp(),
    created_at timestamptz not null default now(),
    unique (school_id, type, model, size, quality),
    foreign key (school_id, entered_by) references public.staff (school_id, id),
    check (
        type <> 'chat'
        or (size = '' and quality = '' and image_usd is null and num_nulls(input_usd, cached_usd, output_usd) = 0)
    ),
    check (
        type <> 'image'
        or (size <> '' and quality <> '' and image_usd is not null and num_nonnulls(input_usd, output_usd) = 0)
    )
);
comment on table public.model_prices is
'A price that an admin entered for a model without one: of a million tokens of a chat model, or of one image.';
comment on column public.model_prices.source is 'Where the price was read, in the admin''s words.';

alter table public.model_prices enable row level security;
revoke all on public.model_prices from public, anon, authenticated, service_role;
grant select on public.model_prices to authenticated, service_role;
grant insert (school_id, type, model, size, quality, input_usd, cached_usd, output_usd, image_usd, source, entered_by),
update (input_usd, cached_usd, output_usd, image_usd, source, entered_by, entered_at), delete
on public.model_prices to authenticated;

create policy "members read the prices that their school entered" on public.model_prices
for select to authenticated using (school_id = (select private.my_school_id()));
create policy "admins enter prices in their own name" on public.model_prices
for insert to authenticated
with check (
    school_id = (select private.my_school_id()) and (select private.is_admin())
    and entered_by = (select private.me())
);
create policy "admins correct their school's prices in their own name" on public.model_prices
for update to authenticated
using (school_id = (select private.my_school_id()) and (select private.is_admin()))
with check (school_id = (select private.my_school_id()) and entered_by = (select private.me()));
create policy "admins remove their school's prices" on public.model_prices
for delete to authenticated
using (school_id = (select private.my_school_id()) and (select private.is_admin()));

create trigger audit_added_or_removed after insert or delete on public.model_prices
for each row when (current_user = 'authenticated') execute function private.audit_record('model_price');
create trigger audit_corrected after update on public.model_prices
for each row when (
    current_user = 'authenticated'
    and (old.input_usd, old.cached_usd, old.output_usd, old.image_usd, old.source)
    is distinct from (new.input_usd, new.cached_usd, new.output_usd, new.image_usd, new.source)
) execute function private.audit_record('model_price');

-- The school's choices stand in schools.settings, one key for each.
create function private.is_setting(p_key text, p_value jsonb) returns boolean
language plpgsql immutable set search_path = ''
as $$
declare
    model constant text := '^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,99}$';
    kinds constant text[] := array['attendance', 'result', 'observation', 'case', 'note'];
begin
    return coalesce(
        case p_key
            when 'chat' then
                jsonb_typeof(p_value) = 'object' and p_value ->> 'model' ~ model
                and p_value ->> 'reasoning_effort'
                in ('omit', 'none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max')
                and p_value - array['model', 'reasoning_effort'] = '{}'
            when 'image' then
                jsonb_typeof(p_value) = 'object' and p_value ->> 'model' ~ model
                and p_value ->> 'quality' in ('low', 'medium', 'high', 'standard', 'hd')
                and p_value - array['model', 'quality'] = '{}'
            when 'to_model' then jsonb_typeof(p_value) = 'array' and p_value <@ to_jsonb(kinds)
            when 'style' then p_value in ('"photo"', '"illustrated"')
            when 'uniform' then jsonb_typeof(p_value) = 'string' and length(btrim(p_value #>> '{}')) between 1 and 120
        end,
        false
    );
end
$$;
comment on function private.is_setting(text, jsonb) is
'Whether a school may choose this; a missing key stands for the operator''s default and needs no leave.';

create function private.keep_the_settings() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
    me uuid := private.me();
    key text;
begin
    for key in
        select distinct all_keys.key
        from (
            select jsonb_object_keys(coalesce(old.settings, '{}')) as key
            union all
            select jsonb_object_keys(new.settings)
        ) as all_keys
        where coalesce(old.settings, '{}') -> all_keys.key is distinct from new.settings -> all_keys.key
        order by all_keys.key
    loop
        if new.settings ? key and not private.is_setting(key, new.settings -> key) then
            raise exception 'no choice for %', key using errcode = 'SR422';
        end if;
        if me is not null and tg_op = 'UPDATE' then
            perform private.write_audit(
                new.id, me, key || '_setting.changed', 'schools/' || new.id,
                jsonb_build_object(key, old.settings -> key), jsonb_build_object(key, new.settings -> key)
            );
        end if;
    end loop;
    return null;
end
$$;
comment on function private.keep_the_settings() is
'Each key that changes is checked, whoever writes, and stands in the audit log where a person did it.';
create trigger keep_the_first_settings after insert on public.schools
for each row when (new.settings <> '{}') execute function private.keep_the_settings();
create trigger keep_the_settings after update of settings on public.schools
for each row when (old.settings is distinct from new.settings) execute function private.keep_the_settings();

-- What else admins may change of their school; the time zone decides when a month of a budget begins.
create function private.audit_school() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform private.write_audit(
        new.id, private.me(), 'school.corrected', 'schools/' || new.id,
        jsonb_build_object('name', old.name, 'time_zone', old.time_zone, 'locale', old.locale),
        jsonb_build_object('name', new.name, 'time_zone', new.time_zone, 'locale', new.locale)
    );
    return null;
end
$$;
comment on function private.audit_school() is
'What admins do themselves; an import leaves one line for all that it changes.';
create trigger audit_corrected after update on public.schools
for each row when (
    current_user = 'authenticated'
    and (old.name, old.time_zone, old.locale) is distinct from (new.name, new.time_zone, new.locale)
) execute function private.audit_school();

-- Beyond these a mistyped figure would stop the school's work, or no longer protect its money.
create function private.limit_bounds() returns table (
    type text, most integer, least_seconds numeric, most_seconds numeric, most_gap_seconds numeric,
    usual_at_most integer, usual_per_seconds numeric, usual_gap_seconds numeric
)
language sql immutable set search_path = ''
as $$
    values
    ('chat', 60, 10, 86400, 60, 10, 60, 0),
    ('image', 30, 10, 86400, 60, 5, 60, 0),
    ('batch_image', 500, 60, 86400, 60, 50, 3600, 2)
$$;
comment on function private.limit_bounds() is
'What an admin may set, and what a school begins with. At most "most" starts; the bounds hold for exceptions, too.';

create function private.checked_limit(p_type text, p_at_most integer, p_per_seconds numeric, p_gap_seconds numeric)
returns void
language plpgsql immutable set search_path = ''
as $$
begin
    if not exists (
        select from private.limit_bounds() as b
        where b.type = p_type and p_at_most between 1 and b.most
            and p_per_seconds between b.least_seconds and b.most_seconds
            and p_gap_seconds between 0 and least(b.most_gap_seconds, p_per_seconds)
    ) then
        raise exception 'no limit that anyone may set' using errcode = 'SR422';
    end if;
end
$$;

-- The queue's trigger names its tables without a schema, so this path is theirs and not empty.
create function private.forget_turn(p_job uuid) returns void
language sql volatile security definer set search_path = procrastinate, pg_temp
as $$
    delete from procrastinate.procrastinate_jobs as q
    where q.status = 'todo' and q.args ->> 'job_id' = p_job::text
$$;
comment on function private.forget_turn(uuid) is 'Takes a waiting job out of the queue; called by our own functions.';

create function private.line_up_portraits(p_school uuid, p_staff uuid) returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
    job record;
    who uuid;
    ahead integer := -1;
    starts_at timestamptz;
begin
    for job in
        select j.id, j.requested_by from public.photo_jobs as j
        where j.school_id = p_school and j.type = 'image' and j.state = 'queued'
            and (j.wait_reason is null or j.wait_reason = 'slot') and (p_staff is null or j.requested_by = p_staff)
        order by j.requested_by, j.created_at, j.id
        for update skip locked
    loop
        ahead := case when job.requested_by is not distinct from who then ahead + 1 else 0 end;
        who := job.requested_by;
        starts_at := private.slot_opens_at(p_school, who, 'image', ahead);
        if starts_at <= clock_timestamp() then
            starts_at := null;
        end if;
        update public.photo_jobs as j
        set not_before = starts_at, wait_reason = case when starts_at is not null then 'slot' end
        where j.id = job.id;
        perform private.forget_turn(job.id);
        perform private.defer_portrait(job.id, starts_at);
    end loop;
end
$$;
comment on function private.line_up_portraits(uuid, uuid) is 'Called by our own functions.';

create function private.line_up_batches(p_school uuid, p_staff uuid) returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
    batch uuid;
begin
    for batch in
        select b.id from public.photo_batches as b
        where b.school_id = p_school and b.state = 'running'
            and (p_staff is null or b.requested_by = p_staff)
        order by b.created_at, b.id
        for no key update
    loop
        perform private.line_up(batch);
    end loop;
end
$$;
comment on function private.line_up_batches(uuid, uuid) is 'Called by our own functions.';

-- What waits gets its time by the new limit, as if it had been asked for now.
create function private.line_up_anew(p_school uuid, p_staff uuid, p_type text) returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
    if p_type = 'image' then
        perform private.line_up_portraits(p_school, p_staff);
    elsif p_type = 'batch_image' then
        perform private.line_up_batches(p_school, p_staff);
    end if;
end
$$;
comment on function private.line_up_anew(uuid, uuid, text) is 'Called by our own functions.';

create function private.admins_school() returns uuid
language plpgsql stable security definer set search_path = ''
as $$
begin
    if private.me() is null or private.is_admin() is not true then
        raise exception 'only an admin sets limits' using errcode = '42501';
    end if;
    return private.my_school_id();
end
$$;
comment on function private.admins_school() is 'Called by our own functions.';

create function private.set_limit(
    p_type text, p_staff uuid, p_at_most integer, p_per_seconds numeric, p_gap_seconds numeric
) returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
    school uuid := private.admins_school();
    before public.limits;
    after public.limits;
begin
    perform private.checked_limit(p_type, p_at_most, p_per_seconds, p_gap_seconds);
    if p_staff is not null and not exists (
        select from public.staff as s where s.id = p_staff and s.school_id = school
    ) then
        raise exception 'nobody of this school' using errcode = '42501';
    end if;
    -- One change of a school's limits at a time, so that before and after are each other's.
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(school::text || '/limits', 7));
    select l.* into before from public.limits as l
    where l.school_id = school and l.staff_id is not distinct from p_staff and l.type = p_type;
    if (before.at_most, before.per_seconds, before.min_gap_seconds) = (p_at_most, p_per_seconds, p_gap_seconds) then
        return;
    end if;
    insert into public.limits as l (school_id, staff_id, type, at_most, per_seconds, min_gap_seconds)
    values (school, p_staff, p_type, p_at_most, p_per_seconds, p_gap_seconds)
    on conflict (school_id, staff_id, type) do update
    set at_most = excluded.at_most, per_seconds = excluded.per_seconds, min_gap_seconds = excluded.min_gap_seconds
    returning l.* into after;
    perform private.write_audit(
        school, private.me(), 'limit.' || case when before.id is null then 'added' else 'corrected' end,
        'limits/' || after.id, case when before.id is not null then to_jsonb(before) end, to_jsonb(after)
    );
    perform private.line_up_anew(school, p_staff, p_type);
end
$$;
comment on function private.set_limit(text, uuid, integer, numeric, numeric) is
'The school''s limit, or with p_staff an exception for one person; holds for the next start.';

create function private.forget_limit(p_type text, p_staff uuid) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
declare
    school uuid := private.admins_school();
    before public.limits;
begin
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(school::text || '/limits', 7));
    delete from public.limits as l
    where l.school_id = school and l.staff_id = p_staff and l.type = p_type
    returning l.* into before;
    if before.id is null then
        return false;
    end if;
    perform private.write_audit(
        school, private.me(), 'limit.removed', 'limits/' || before.id, to_jsonb(before), null
    );
    perform private.line_up_anew(school, p_staff, p_type);
    return true;
end
$$;
comment on function private.forget_limit(text, uuid) is
'Takes an exception away; false where there was none. The school''s own limit always stays.';

grant execute on function
private.limit_bounds(),
private.set_limit(text, uuid, integer, numeric, numeric),
private.forget_limit(text, uuid)
to authenticated;
