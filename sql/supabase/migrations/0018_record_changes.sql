-- Whoever wrote another word meant neither of the two; the note itself stays.
update public.readiness_notes set override = null
where override not in ('discuss', 'nothing');
alter table public.readiness_notes add constraint readiness_notes_override_check
check (override in ('discuss', 'nothing'));

create function private.audit_record() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
    me uuid := private.me();
    kept public.audit_log;
begin
    if me is null then
        return null;
    end if;
    kept.before := to_jsonb(old);
    kept.after := to_jsonb(new);
    kept.school_id := coalesce(kept.after, kept.before) ->> 'school_id';
    kept.object := tg_table_name || '/' || (coalesce(kept.after, kept.before) ->> 'id');
    kept.action := tg_argv[0] || '.' || case tg_op
        when 'INSERT' then 'added' when 'UPDATE' then 'corrected' else 'removed'
    end;
    perform private.write_audit(kept.school_id, me, kept.action, kept.object, kept.before, kept.after);
    return null;
end
$$;
comment on function private.audit_record() is
'Whole rows are kept, texts too: admins alone read the audit log, and they may read these records anyway. What the '
'worker, the operator or the demo''s seeding writes is no person''s doing and leaves no row.';

do $$
declare
    of_table text;
    noun text;
begin
    for of_table, noun in
        values ('attendance', 'attendance'), ('results', 'result'), ('observations', 'observation'),
            ('cases', 'case'), ('readiness_notes', 'readiness_note')
    loop
        execute format(
            'create trigger audit_added_or_removed after insert or delete on public.%I
            for each row execute function private.audit_record(%L)', of_table, noun
        );
        -- An update that changes nothing is no change.
        execute format(
            'create trigger audit_corrected after update on public.%I for each row
            when (old.* is distinct from new.*) execute function private.audit_record(%L)', of_table, noun
        );
    end loop;
end
$$;
