create table public.audit_log (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null references public.schools (id) on delete cascade,
    actor_id uuid,
    action text not null,
    object text not null,
    before jsonb,
    after jsonb,
    created_at timestamptz not null default now(),
    foreign key (school_id, actor_id) references public.staff (school_id, id)
);
comment on table public.audit_log is 'Who changed what; append-only; actor_id is null for the operator.';
create index audit_log_school_id_created_at_idx on public.audit_log (school_id, created_at);

create trigger refuse_to_forget before update on public.audit_log
for each row execute function private.refuse_to_forget();
-- Rows go only with their whole school, which the cascade does at a deeper trigger level.
create trigger refuse_to_delete before delete on public.audit_log
for each row when (pg_trigger_depth() = 0) execute function private.refuse_to_forget();
create trigger refuse_to_truncate before truncate on public.audit_log
for each statement execute function private.refuse_to_forget();

alter table public.audit_log enable row level security;
revoke all on public.audit_log from public, anon, authenticated, service_role;
grant select on public.audit_log to authenticated;
grant select, insert on public.audit_log to service_role;
create policy "admins read their school's audit log" on public.audit_log
for select to authenticated
using (school_id = (select private.my_school_id()) and (select private.is_admin()));

create function private.write_audit(
    p_school uuid, p_actor uuid, p_action text, p_object text, p_before jsonb, p_after jsonb
) returns void
language sql volatile security definer set search_path = ''
as $$
    insert into public.audit_log (school_id, actor_id, action, object, before, after)
    values (p_school, p_actor, p_action, p_object, p_before, p_after)
$$;
comment on function private.write_audit(uuid, uuid, text, text, jsonb, jsonb) is
'Called by our own functions alone.';
