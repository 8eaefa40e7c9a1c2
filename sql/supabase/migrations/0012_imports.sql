create table public.imports (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null references public.schools (id) on delete cascade,
    group_id uuid not null,
    staff_id uuid,
    file_name text not null,
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    format text not null,
    counts jsonb not null,
    changes jsonb not null check (jsonb_typeof(changes) = 'array'),
    undone_at timestamptz,
    created_at timestamptz not null default now(),
    foreign key (school_id, staff_id) references public.staff (school_id, id)
);
comment on table public.imports is
'One school''s part of one import of a file, with each change''s before and after; staff_id is null for the operator.';
create index imports_school_id_created_at_idx on public.imports (school_id, created_at desc);
create index imports_group_id_idx on public.imports (group_id);

alter table public.imports enable row level security;
revoke all on public.imports from public, anon, authenticated, service_role;
grant select on public.imports to authenticated, service_role;
create policy "people read their own imports, admins the school's" on public.imports
for select to authenticated
using (
    staff_id = (select private.me())
    or (school_id = (select private.my_school_id()) and (select private.is_admin()))
);

-- A change is {"kind": table, "id": uuid, "before": null or {column: value}, "after": {column: value}}.

create function private.importable_columns(p_kind text) returns text[]
language sql immutable set search_path = ''
as $$
    select case p_kind
        when 'schools' then array['sourced_id', 'name']
        when 'classes' then array['sourced_id', 'name', 'level', 'kind', 'subject', 'school_year']
        when 'staff' then array['sourced_id', 'full_name', 'name_to_check', 'email']
        when 'students' then array[
            'sourced_id', 'full_name', 'name_to_check', 'preferred_name', 'gender', 'birth_year', 'level', 'status'
        ]
        when 'enrolments' then array['class_id', 'student_id', 'index_no', 'from_date', 'to_date']
        when 'class_staff' then array['class_id', 'staff_id', 'role']
    end
$$;

-- Puts `p_to` over the row if it still is as `p_from` says; a row that isn't ends the whole import.
create function private.overwrite_row(p_kind text, p_school uuid, p_id uuid, p_from jsonb, p_to jsonb) returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
    columns text;
    written integer;
begin
    select string_agg(quote_ident(key), ', ') into columns from jsonb_object_keys(p_to) as key;
    execute format(
        'update public.%1$I as t set (%2$s) = (select %2$s from jsonb_populate_record(null::public.%1$I, $1))'
        ' where t.id = $2 and %3$s = $3 and to_jsonb(t) @> $4',
        p_kind, columns, case when p_kind = 'schools' then 't.id' else 't.school_id' end
    ) using p_to, p_id, p_school, p_from;
    get diagnostics written = row_count;
    if written <> 1 then
        raise exception 'changed meanwhile' using errcode = 'SR412';
    end if;
end
$$;

create function private.carry_out_change(p_school uuid, p_change jsonb) returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
    kind text := p_change ->> 'kind';
    after jsonb := p_change -> 'after';
    columns text;
begin
    if not (select coalesce(array_agg(key), '{}') from jsonb_object_keys(after) as key)
        <@ coalesce(private.importable_columns(kind), '{}') then
        raise exception 'an import does not write this' using errcode = '42501';
    end if;
    if p_change -> 'before' <> 'null' then
        perform private.overwrite_row(kind, p_school, (p_change ->> 'id')::uuid, p_change -> 'before', after);
        return;
    end if;
    after := after || jsonb_build_object('id', p_change -> 'id');
    if kind <> 'schools' then
        after := after || jsonb_build_object('school_id', p_school);
    end if;
    select string_agg(quote_ident(key), ', ') into columns from jsonb_object_keys(after) as key;
    execute format(
        'insert into public.%1$I (%2$s) select %2$s from jsonb_populate_record(null::public.%1$I, $1)', kind, columns
    ) using after;
end
$$;

create function private.apply_import_for(p_school uuid, p_staff uuid, p_import jsonb) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
    change jsonb;
    made uuid;
begin
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(p_school::text || '/import', 7));
    for change in select value from jsonb_array_elements(p_import -> 'changes') loop
        perform private.carry_out_change(p_school, change);
    end loop;
    insert into public.imports (school_id, group_id, staff_id, file_name, sha256, format, counts, changes)
    values (
        p_school, (p_import ->> 'group_id')::uuid, p_staff, p_import ->> 'file_name', p_import ->> 'sha256',
        p_import ->> 'format', p_import -> 'counts', p_import -> 'changes'
    )
    returning id into made;
    perform private.write_audit(p_school, p_staff, 'apply import', 'import ' || made, null, p_import -> 'counts');
    return made;
exception
    when unique_violation then
        raise exception 'someone is there already' using errcode = 'SR414';
end
$$;
comment on function private.apply_import_for(uuid, uuid, jsonb) is
'Carries out the changes one after the other and keeps them for undo; all of them or none.';
grant execute on function private.apply_import_for(uuid, uuid, jsonb) to service_role;

-- What a teacher's plain list may do: students into classes they teach, and changes of students they teach.
create function private.is_teachers_own(p_changes jsonb) returns boolean
language sql stable security definer set search_path = ''
as $$
    with c as (
        select
            value ->> 'kind' as kind,
            (value ->> 'id')::uuid as id,
            value -> 'before' = 'null' as is_new,
            value -> 'after' as after
        from jsonb_array_elements(p_changes)
    )

    select not exists (
        select from c
        where case
            when c.kind = 'students' and c.is_new then not exists (
                select from c as e
                where e.kind = 'enrolments' and e.is_new and (e.after ->> 'student_id')::uuid = c.id
            )
            when c.kind = 'students' then c.id not in (select private.my_student_ids()) or c.after ? 'status'
            when c.kind = 'enrolments' and c.is_new
                then (c.after ->> 'class_id')::uuid not in (select private.my_class_ids())
                    or not (
                        (c.after ->> 'student_id')::uuid in (select private.my_student_ids())
                        or exists (
                            select from c as s
                            where s.kind = 'students' and s.is_new and s.id = (c.after ->> 'student_id')::uuid
                        )
                    )
            when c.kind = 'enrolments' then not exists (
                select from public.enrolments as e
                where e.id = c.id and e.class_id in (select private.my_class_ids())
            ) or c.after ? 'class_id' or c.after ? 'student_id' or coalesce(c.after -> 'to_date' = 'null', false)
            else true
        end
    )
$$;

create function private.apply_import(p_import jsonb) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
    changes jsonb := p_import -> 'changes';
begin
    if private.me() is null then
        raise exception 'nobody is signed in' using errcode = '42501';
    end if;
    if private.is_admin() then
        -- An admin's import stays in their school, which is there already.
        if exists (
            select from jsonb_array_elements(changes)
            where value ->> 'kind' = 'schools' and value -> 'before' = 'null'
        ) then
            raise exception 'the operator makes schools' using errcode = '42501';
        end if;
    elsif p_import ->> 'format' <> 'plain' or not private.is_teachers_own(changes) then
        raise exception 'not into these classes' using errcode = '42501';
    end if;
    return private.apply_import_for(private.my_school_id(), private.me(), p_import);
end
$$;
grant execute on function private.apply_import(jsonb) to authenticated;

-- What was built on an import's new rows since, in words for a person; null when nothing was.
create function private.built_on(p_import public.imports) returns text
language sql stable security definer set search_path = ''
as $$
    with new_rows as (
        select value ->> 'kind' as kind, (value ->> 'id')::uuid as id
        from jsonb_array_elements(p_import.changes)
        where value -> 'before' = 'null'
    ),

    students as (select n.id from new_rows as n where n.kind = 'students'),

    used as (
        select j.student_id as id from public.photo_jobs as j
        union
        select a.student_id from public.attendance as a
        union
        select r.student_id from public.results as r
        union
        select o.student_id from public.observations as o
        union
        select c.student_id from public.cases as c
        union
        select n.student_id from public.readiness_notes as n
        union
        select g.student_id from public.student_guardians as g
        union
        select e.student_id from public.enrolments as e where e.id not in (select n.id from new_rows as n)
    ),

    classes as (select n.id from new_rows as n where n.kind = 'classes'),

    joined as (
        select e.class_id as id from public.enrolments as e where e.id not in (select n.id from new_rows as n)
        union
        select t.class_id from public.class_staff as t where t.id not in (select n.id from new_rows as n)
    ),

    counted as (
        select
            (select count(*) from students as s where s.id in (select u.id from used as u)) as students,
            (select count(*) from classes as c where c.id in (select j.id from joined as j)) as classes
    )

    select nullif(concat_ws(
        ' and ',
        case when c.students > 0 then c.students || ' of its students have photos, records or another class by now' end,
        case when c.classes > 0 then c.classes || ' of its classes have other people by now' end
    ), '')
    from counted as c
$$;

-- Undoing an import that made its school deletes the school, and that takes along every row with its school_id. So any
-- such row that neither this import nor the making of the school wrote forbids it, also in tables yet to come.
create function private.came_to_its_school(p_import public.imports) returns text
language plpgsql stable security definer set search_path = ''
as $$
declare
    made uuid[];
    forgettable text[];
    name text;
    is_there boolean;
    came text[] := '{}';
begin
    select array_agg((value ->> 'id')::uuid) into made
    from jsonb_array_elements(p_import.changes) where value -> 'before' = 'null';
    if not coalesce(p_import.school_id = any(made), false) then
        return null;
    end if;
    select array_agg('import ' || i.id) into forgettable
    from public.imports as i
    where i.school_id = p_import.school_id and (i.id = p_import.id or i.undone_at is not null);
    for name in
        select c.relname
        from pg_catalog.pg_class as c
        inner join pg_catalog.pg_attribute as a on c.oid = a.attrelid
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attname = 'school_id'
    loop
        execute format('select exists (select from public.%I as t where t.school_id = $1 and ', name)
            || case name
                when 'limits' then 't.staff_id is not null and $2 is not null and $3 is not null'
                when 'imports' then 'not (''import '' || t.id = any($3)) and $2 is not null'
                when 'audit_log' then 'not (t.object = any($3)) and $2 is not null'
                else 'coalesce(not ((to_jsonb(t) ->> ''id'')::uuid = any($2)), true) and $3 is not null'
            end || ')'
        into is_there using p_import.school_id, made, forgettable;
        if is_there then
            came := came || case name
                when 'students' then 'other students'
                when 'staff' then 'other staff'
                when 'classes' then 'other classes'
                when 'enrolments' then 'other places in classes'
                when 'class_staff' then 'other places in classes'
                when 'photo_jobs' then 'portraits'
                when 'photo_replies' then 'portraits'
                when 'photos' then 'portraits'
                when 'openai_usage' then 'requests to OpenAI'
                when 'usage_daily' then 'requests to OpenAI'
                when 'rate_limits' then 'requests to OpenAI'
                when 'imports' then 'other imports'
                when 'audit_log' then 'an audit log'
                when 'limits' then 'limits of its own'
                else 'records'
            end;
        end if;
    end loop;
    return (
        select 'its school has ' || string_agg(distinct what, ', ' order by what) || ' by now'
        from unnest(came) as c (what)
    );
end
$$;
comment on function private.came_to_its_school(public.imports) is
'In words for a person; null when nothing came, or when the school was there before the import.';

create function private.undo_import_for(p_import uuid, p_staff uuid) returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
    done public.imports;
    reason text;
    change jsonb;
    deleted integer;
begin
    select i.* into done from public.imports as i where i.id = p_import for update;
    if done.id is null or done.undone_at is not null then
        raise exception 'nothing to undo' using errcode = 'SR413', detail = 'it was undone already';
    end if;
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(done.school_id::text || '/import', 7));
    -- Nothing more comes to a school or a student that goes, between the look and the deletion.
    perform from public.schools as s
    where s.id = done.school_id and done.changes @> jsonb_build_array(jsonb_build_object('id', s.id, 'before', null))
    for update;
    reason := coalesce(private.came_to_its_school(done), private.built_on(done));
    if reason is not null then
        raise exception 'built on since' using errcode = 'SR413', detail = reason;
    end if;
    update public.imports as i set undone_at = clock_timestamp() where i.id = p_import;
    perform private.write_audit(
        done.school_id, p_staff, 'undo import', 'import ' || done.id, done.counts, null
    );
    for change in
        select value from jsonb_array_elements(done.changes) with ordinality as c (value, place) order by place desc
    loop
        if change -> 'before' <> 'null' then
            perform private.overwrite_row(
                change ->> 'kind', done.school_id, (change ->> 'id')::uuid, change -> 'after', change -> 'before'
            );
        else
            execute format('delete from public.%I as t where t.id = $1 and to_jsonb(t) @> $2', change ->> 'kind')
            using (change ->> 'id')::uuid, change -> 'after';
            get diagnostics deleted = row_count;
            if deleted <> 1 then
                raise exception 'changed since' using errcode = 'SR412';
            end if;
        end if;
    end loop;
exception
    when sqlstate 'SR412' then
        raise exception 'changed since' using errcode = 'SR413', detail = 'some of it was changed since';
    when foreign_key_violation then
        raise exception 'used since' using errcode = 'SR413', detail = 'some of its people have worked with the app since';
end
$$;
comment on function private.undo_import_for(uuid, uuid) is 'Backwards through the changes; all of them or none.';
grant execute on function private.undo_import_for(uuid, uuid) to service_role;

create function private.undo_import(p_import uuid) returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
    if not exists (
        select from public.imports as i
        where i.id = p_import
            and (
                i.staff_id = private.me()
                or (i.school_id = private.my_school_id() and private.is_admin())
            )
    ) then
        raise exception 'not yours' using errcode = '42501';
    end if;
    perform private.undo_import_for(p_import, private.me());
end
$$;
grant execute on function private.undo_import(uuid) to authenticated;
