alter table public.classes add column continues_id uuid;
alter table public.classes add foreign key (school_id, continues_id)
references public.classes (school_id, id) on delete set null (continues_id);
comment on column public.classes.continues_id is
'The class of the year before, whose students came along.';
-- A new school year that is begun twice changes nothing the second time.
create unique index classes_continued_once_key on public.classes (school_id, continues_id)
where archived_at is null;

-- Imports and our own functions write a line of their own, and run as these tables' owner.
do $$
declare
    of_table text;
    noun text;
begin
    for of_table, noun in
        values ('classes', 'class'), ('class_staff', 'class_teacher'), ('students', 'student'),
            ('enrolments', 'enrolment'), ('guardians', 'guardian'), ('student_guardians', 'guardian_link')
    loop
        execute format(
            'create trigger audit_added_or_removed after insert or delete on public.%I
            for each row when (current_user = ''authenticated'')
            execute function private.audit_record(%L)', of_table, noun
        );
        execute format(
            'create trigger audit_corrected after update on public.%I
            for each row when (current_user = ''authenticated'' and old.* is distinct from new.*)
            execute function private.audit_record(%L)', of_table, noun
        );
    end loop;
end
$$;

create function private.pupils_for_audit(p_class uuid, p_students uuid[]) returns jsonb
language sql stable security definer set search_path = ''
as $$
    select coalesce(jsonb_agg(
        jsonb_build_object(
            'id', s.id, 'full_name', s.full_name, 'level', s.level, 'status', s.status,
            'in_class', e.id is not null, 'index_no', e.index_no
        ) order by e.index_no, s.full_name, s.id
    ), '[]')
    from public.students as s
    left join public.enrolments as e on s.id = e.student_id and e.class_id = p_class and e.to_date is null
    where s.id = any(p_students)
$$;
comment on function private.pupils_for_audit(uuid, uuid[]) is
'Where these students stand and whether they are in the class; called by our own functions alone.';

-- The plan: {"into": null or {"name", "level", "school_year"}, "archive": whether the old class is put away,
-- "teachers": [{"staff_id", "role"}], "students": [{"enrolment_id", "fate": "goes", "stays" or "leaves"}]}.
-- Its students are those of the class as the person saw them; if it has others by now, nothing is changed.
create function private.continue_class(p_class uuid, p_plan jsonb) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
    old public.classes;
    made public.classes;
    pupils uuid[];
    going uuid[];
    leaving uuid[];
    today date;
    before jsonb;
    many integer;
    may_archive constant boolean := (p_plan ->> 'archive')::boolean;
begin
    if private.me() is null or not private.is_admin() then
        raise exception 'admins alone begin a school year' using errcode = '42501';
    end if;
    -- As imports do, so that the one sees what the other did.
    perform pg_catalog.pg_advisory_xact_lock(
        pg_catalog.hashtextextended(private.my_school_id()::text || '/import', 7)
    );
    select c.* into old from public.classes as c
    where c.id = p_class and c.school_id = private.my_school_id()
    for no key update;
    if old.id is null then
        raise exception 'unknown class' using errcode = '42501';
    end if;
    -- As a wish for portraits of the class does, so that none begins meanwhile.
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(p_class::text || '/class photos', 7));
    if exists (
        select from public.photo_batches as b where b.class_id = p_class and b.state in ('running', 'paused')
    ) then
        raise exception 'portraits of the class are being made' using errcode = 'SR417';
    end if;
    if old.archived_at is not null or exists (
        select from public.enrolments as e
        inner join public.students as s on e.student_id = s.id and e.class_id = p_class
            and e.to_date is null and s.status = 'active'
        full outer join (
            select (value ->> 'enrolment_id')::uuid as id, value ->> 'fate' as fate
            from jsonb_array_elements(p_plan -> 'students')
        ) as seen on e.id = seen.id
        where s.id is null or seen.id is null or seen.fate is null
            or seen.fate not in ('goes', 'stays', 'leaves')
    ) then
        raise exception 'changed meanwhile' using errcode = 'SR412';
    end if;
    select
        coalesce(array_agg(e.student_id), '{}'),
        coalesce(array_agg(e.student_id) filter (where seen.value ->> 'fate' = 'goes'), '{}'),
        coalesce(array_agg(e.student_id) filter (where seen.value ->> 'fate' = 'leaves'), '{}')
    into pupils, going, leaving
    from jsonb_array_elements(p_plan -> 'students') as seen
    inner join public.enrolments as e on e.id = (seen.value ->> 'enrolment_id')::uuid;
    select (clock_timestamp() at time zone s.time_zone)::date into today
    from public.schools as s where s.id = old.school_id;
    before := jsonb_build_object(
        'class', to_jsonb(old), 'students', private.pupils_for_audit(p_class, pupils)
    );

    if p_plan -> 'into' <> 'null' then
        insert into public.classes (school_id, name, level, kind, subject, school_year, continues_id)
        values (
            old.school_id, p_plan -> 'into' ->> 'name', p_plan -> 'into' ->> 'level', old.kind, old.subject,
            (p_plan -> 'into' ->> 'school_year')::smallint, old.id
        )
        returning * into made;
        insert into public.class_staff (school_id, class_id, staff_id, role)
        select st.school_id, made.id, st.id, t.role
        from jsonb_to_recordset(p_plan -> 'teachers') as t (staff_id uuid, role text)
        inner join public.staff as st on t.staff_id = st.id
        where st.school_id = old.school_id and st.active;
        get diagnostics many = row_count;
        if many <> jsonb_array_length(p_plan -> 'teachers') then
            raise exception 'somebody is no member any more' using errcode = 'SR412';
        end if;
        -- Before the old places end: the index numbers come from them.
        insert into public.enrolments (school_id, class_id, student_id, index_no, from_date)
        select e.school_id, made.id, e.student_id, e.index_no, today
        from public.enrolments as e
        where e.class_id = p_class and e.to_date is null and e.student_id = any(going);
        if old.kind = 'form' and made.level is not null then
            update public.students as s set level = made.level
            where s.id = any(going) and s.level is distinct from made.level;
        end if;
    elsif cardinality(going) > 0 then
        raise exception 'nowhere to go' using errcode = '22023';
    end if;

    -- The student first, then their places, as everywhere.
    update public.students as s set status = 'left' where s.id = any(leaving);
    update public.enrolments as e set to_date = greatest(e.from_date, today)
    where e.to_date is null and (
        e.student_id = any(leaving)
        or (e.class_id = p_class and (e.student_id = any(going) or (may_archive and e.student_id = any(pupils))))
    );
    if may_archive then
        update public.classes as c set archived_at = clock_timestamp() where c.id = p_class returning c.* into old;
    end if;
    if made.id is not null then
        perform private.write_audit(
            old.school_id, private.me(), 'class.added', 'classes/' || made.id, null, to_jsonb(made)
        );
    end if;
    perform private.write_audit(
        old.school_id, private.me(), 'class.continued', 'classes/' || p_class, before,
        jsonb_build_object(
            'class', to_jsonb(old), 'into', to_jsonb(made), 'teachers', p_plan -> 'teachers',
            'students', private.pupils_for_audit(coalesce(made.id, p_class), pupils)
        )
    );
    return made.id;
end
$$;
comment on function private.continue_class(uuid, jsonb) is
'Takes a class into the next school year, all of it or nothing; the new class, or null where none was wanted.';
grant execute on function private.continue_class(uuid, jsonb) to authenticated;
