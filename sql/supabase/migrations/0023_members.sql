alter table public.staff add column invited_at timestamptz;
comment on column public.staff.invited_at is 'When an admin last sent the mail in which the member chooses a password.';

-- An e-mail is how somebody is recognised at the first sign-in, so what was done with the old one says nothing of the
-- new one.
create function private.forget_invitation() returns trigger
language plpgsql set search_path = ''
as $$
begin
    new.invited_at := null;
    return new;
end
$$;
create trigger forget_invitation before update of email on public.staff for each row
when (lower(old.email) is distinct from lower(new.email))
execute function private.forget_invitation();

-- The operator, who has no claims, may do everything. Two admins who take each other out are one after the other: the
-- lock is a statement of its own, and what follows reads what the first one committed.
create function private.keep_an_admin() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    if nullif(current_setting('request.jwt.claims', true), '') is null then
        return new;
    end if;
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(new.school_id::text || '/admins', 23));
    if not private.is_admin() then
        raise exception 'no admin any more' using errcode = '42501';
    end if;
    if old.id = private.me() and not new.active then
        raise exception 'oneself' using errcode = 'SR424';
    end if;
    if not exists (
        select from public.staff as s
        where s.school_id = old.school_id and s.id <> old.id and s.role = 'admin' and s.active
    ) then
        raise exception 'the last admin' using errcode = 'SR421';
    end if;
    return new;
end
$$;
comment on function private.keep_an_admin() is
'The last active admin of a school stays one, and nobody takes themselves out.';
create trigger keep_an_admin before update of role, active on public.staff for each row
when (old.role = 'admin' and old.active and (new.role <> 'admin' or not new.active))
execute function private.keep_an_admin();

-- Imports make teachers, so whoever is an admin was made one by hand. With a whole school all go, at a deeper level.
create function private.keep_who_was_made_admin() returns trigger
language plpgsql set search_path = ''
as $$
begin
    raise exception 'made an admin since' using errcode = 'SR412';
end
$$;
comment on function private.keep_who_was_made_admin() is 'Undoing an import takes no admin away.';
create trigger keep_who_was_made_admin before delete on public.staff for each row
when (old.role = 'admin' and pg_trigger_depth() = 0)
execute function private.keep_who_was_made_admin();

-- As before, and of a person's own imports those alone that this person might still make: who is an admin no more, or
-- has lost the class, undoes nothing there.
create or replace function private.undo_import(p_import uuid) returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
    if not exists (
        select from public.imports as i
        where i.id = p_import and i.school_id = private.my_school_id()
            and (private.is_admin() or (
                i.staff_id = private.me() and i.format = 'plain' and not exists (
                    select from jsonb_array_elements(i.changes) as c
                    left join public.enrolments as e on e.id = (c.value ->> 'id')::uuid
                    where c.value ->> 'kind' not in ('students', 'enrolments')
                        or e.class_id not in (select private.my_class_ids())
                )
            ))
    ) then
        raise exception 'not yours' using errcode = '42501';
    end if;
    perform private.undo_import_for(p_import, private.me());
end
$$;

create function private.sign_out_who_left() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    update public.sessions as se set revoked_at = now() where se.staff_id = new.id and se.revoked_at is null;
    return null;
end
$$;
create trigger sign_out_who_left after update of active on public.staff for each row
when (old.active and not new.active)
execute function private.sign_out_who_left();

-- Decision 0010: the old e-mail may have been somebody else's. Whoever corrects their own is signed in with the very
-- account, and keeps it: a slip would lock them out. Imports never overwrite an e-mail.
create function private.unlink_from_old_email() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    if new.id <> private.me() then
        perform private.unlink_sign_ins(new.id);
    end if;
    return null;
end
$$;
create trigger unlink_from_old_email after update of email on public.staff for each row
when (current_user = 'authenticated' and lower(old.email) is distinct from lower(new.email))
execute function private.unlink_from_old_email();

create function private.audit_member() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
    what text := case
        when tg_op = 'INSERT' then 'added'
        when old.active and not new.active then 'deactivated'
        when new.active and not old.active then 'reactivated'
        when old.role <> 'admin' and new.role = 'admin' then 'made_admin'
        when old.role = 'admin' and new.role <> 'admin' then 'made_teacher'
        else 'corrected'
    end;
begin
    perform private.write_audit(
        new.school_id, private.me(), 'member.' || what, 'staff/' || new.id, to_jsonb(old), to_jsonb(new)
    );
    return null;
end
$$;
comment on function private.audit_member() is
'What admins do themselves; an import leaves one line for all that it changes.';
create trigger audit_added after insert on public.staff for each row
when (current_user = 'authenticated')
execute function private.audit_member();
create trigger audit_changed after update on public.staff for each row
when (current_user = 'authenticated' and old.* is distinct from new.*)
execute function private.audit_member();

create function private.note_invitation(p_staff uuid) returns timestamptz
language plpgsql volatile security definer set search_path = ''
as $$
declare
    member public.staff;
begin
    if not private.is_admin() then
        raise exception 'only an admin of the school' using errcode = '42501';
    end if;
    update public.staff as s set invited_at = now()
    where s.id = p_staff and s.school_id = private.my_school_id() and s.active and s.email is not null
    returning s.* into member;
    if member.id is not null then
        perform private.write_audit(
            member.school_id, private.me(), 'member.invited', 'staff/' || member.id,
            null, jsonb_build_object('email', member.email)
        );
    end if;
    return member.invited_at;
end
$$;
comment on function private.note_invitation(uuid) is
'That a mail was sent, by an admin; null for nobody of the school, who left, or has no e-mail.';
grant execute on function private.note_invitation(uuid) to authenticated;

alter table public.sessions add column was_left boolean not null default false;
comment on column public.sessions.was_left is
'Ended by its member, or by the browser that held it: what stood in an open tab is not for whoever sits there next.';

create function private.note_who_ended() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    new.was_left := coalesce(private.me() = new.staff_id, true);
    return new;
end
$$;
create trigger note_who_ended before update of revoked_at on public.sessions for each row
when (old.revoked_at is null and new.revoked_at is not null)
execute function private.note_who_ended();

create function private.session_was_left(p_token_hash bytea) returns boolean
language sql stable security definer set search_path = ''
as $$
    select exists (select from public.sessions as se where se.token_hash = p_token_hash and se.was_left)
$$;
comment on function private.session_was_left(bytea) is
'Whether its member signed out, here or from another device; false for one that ran out, or that an admin ended.';
grant execute on function private.session_was_left(bytea) to authenticated;
