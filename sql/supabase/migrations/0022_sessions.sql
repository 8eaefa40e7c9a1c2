create table public.staff_sign_ins (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null,
    staff_id uuid not null,
    issuer text not null check (length(issuer) between 1 and 500),
    subject text not null check (length(subject) between 1 and 255),
    created_at timestamptz not null default now(),
    unique (issuer, subject),
    -- A second account of the same provider with the same e-mail is somebody else until an admin says otherwise.
    unique (school_id, staff_id, issuer),
    unique (school_id, id),
    foreign key (school_id, staff_id) references public.staff (school_id, id) on delete cascade
);
comment on table public.staff_sign_ins is
'An account at a provider that signs a member in; linked at the first sign-in, by the e-mail that was verified there.';
create index staff_sign_ins_staff_id_idx on public.staff_sign_ins (staff_id);

create table public.sessions (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null,
    staff_id uuid not null,
    sign_in_id uuid not null,
    token_hash bytea not null check (octet_length(token_hash) = 32),
    user_agent text not null default '' check (length(user_agent) <= 300),
    last_seen_at timestamptz not null default now(),
    expires_at timestamptz not null default now() + interval '7 days',
    revoked_at timestamptz,
    created_at timestamptz not null default now(),
    foreign key (school_id, staff_id) references public.staff (school_id, id) on delete cascade,
    foreign key (school_id, sign_in_id) references public.staff_sign_ins (school_id, id) on delete cascade
);
comment on table public.sessions is
'A browser that is signed in; over after 8 hours unseen, after 7 days in all, or when it is ended.';
comment on column public.sessions.token_hash is 'sha256 of what the cookie holds; nobody may read it.';
create index sessions_token_hash_idx on public.sessions (token_hash);
create index sessions_staff_id_idx on public.sessions (staff_id, created_at);
create index sessions_sign_in_id_idx on public.sessions (sign_in_id);

create table public.sign_in_attempts (
    id uuid primary key default gen_random_uuid(),
    kind text not null check (kind in ('account', 'address', 'mail', 'mail_address')),
    key_hash bytea not null check (octet_length(key_hash) = 32),
    created_at timestamptz not null default now()
);
comment on table public.sign_in_attempts is
'An attempt to sign in that failed or is under way, or a mail asked for: by whom and from where as keyed hashes.';
create index sign_in_attempts_key_idx on public.sign_in_attempts (kind, key_hash, created_at);
create index sign_in_attempts_created_at_idx on public.sign_in_attempts (created_at);

do $$
declare
    name text;
begin
    foreach name in array array['staff_sign_ins', 'sessions', 'sign_in_attempts'] loop
        execute format('alter table public.%I enable row level security', name);
        execute format('revoke all on public.%I from public, anon, authenticated, service_role', name);
    end loop;
end
$$;
grant select on public.staff_sign_ins to authenticated;
grant select (id, school_id, staff_id, sign_in_id, user_agent, last_seen_at, expires_at, revoked_at, created_at)
on public.sessions to authenticated;

create policy "people read their own sign-ins, admins the school's" on public.staff_sign_ins
for select to authenticated
using (
    staff_id = (select private.me())
    or (school_id = (select private.my_school_id()) and (select private.is_admin()))
);
create policy "people read their own sessions, admins the school's" on public.sessions
for select to authenticated
using (
    staff_id = (select private.me())
    or (school_id = (select private.my_school_id()) and (select private.is_admin()))
);

-- For a token that the provider issued, sub is the provider's; only a link that we made says whose it is.
create or replace function private.me() returns uuid
language sql stable security definer set search_path = ''
as $$
    with claims as materialized (
        select nullif(current_setting('request.jwt.claims', true), '')::jsonb as body
    )
    select s.id
    from public.staff as s
    where s.active and s.id = (
        select case
            when c.body ->> 'iss' = 'staffroom' then (c.body ->> 'sub')::uuid
            else (
                select si.staff_id
                from public.staff_sign_ins as si
                where si.issuer = c.body ->> 'iss' and si.subject = c.body ->> 'sub'
            )
        end
        from claims as c
    )
$$;

-- Before anyone is known ------------------------------------------------------------------------------------

-- Null unless the account is linked, or is the first of its provider for the one active member with this e-mail.
create function private.linked_sign_in(p_issuer text, p_subject text, p_verified_email text)
returns public.staff_sign_ins
language plpgsql volatile security definer set search_path = ''
as $$
declare
    known public.staff_sign_ins;
    member public.staff;
    others integer;
begin
    select si.* into known from public.staff_sign_ins as si where si.issuer = p_issuer and si.subject = p_subject;
    if known.id is not null then
        return known;
    end if;
    select count(*) into others
    from public.staff as s
    inner join public.schools as sc on s.school_id = sc.id
    where s.active and sc.kind = 'real' and lower(s.email) = lower(p_verified_email);
    -- Who works at two schools is not guessed: an admin takes the e-mail out of one of them.
    if others <> 1 then
        return null;
    end if;
    select s.* into member
    from public.staff as s
    inner join public.schools as sc on s.school_id = sc.id
    where s.active and sc.kind = 'real' and lower(s.email) = lower(p_verified_email);
    insert into public.staff_sign_ins (school_id, staff_id, issuer, subject)
    values (member.school_id, member.id, p_issuer, p_subject)
    on conflict do nothing
    returning * into known;
    if known.id is not null then
        perform private.write_audit(
            member.school_id, member.id, 'link sign-in', 'staff ' || member.id,
            null, jsonb_build_object('issuer', p_issuer)
        );
        return known;
    end if;
    -- Somebody was quicker: the same person in another tab, or another account with this e-mail.
    select si.* into known from public.staff_sign_ins as si where si.issuer = p_issuer and si.subject = p_subject;
    return known;
end
$$;

create function private.start_session(
    p_issuer text, p_subject text, p_verified_email text, p_token_hash bytea, p_user_agent text
) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
declare
    account public.staff_sign_ins;
begin
    -- It believes its caller, so it must be the app: neither `set role` nor a token changes who logged in.
    if session_user <> 'staffroom_app' then
        raise exception 'the app alone starts sessions' using errcode = '42501';
    end if;
    account := private.linked_sign_in(p_issuer, p_subject, p_verified_email);
    if not exists (select from public.staff as s where s.id = account.staff_id and s.active) then
        return false;
    end if;
    -- What is over is shown to nobody for longer than a month.
    delete from public.sessions as se
    where se.staff_id = account.staff_id and se.created_at < now() - interval '37 days';
    insert into public.sessions (school_id, staff_id, sign_in_id, token_hash, user_agent)
    values (account.school_id, account.staff_id, account.id, p_token_hash, left(p_user_agent, 300));
    return true;
end
$$;
comment on function private.start_session(text, text, text, bytea, text) is
'Whether the account is a member''s; the caller has verified it. Says nothing about why not.';

create function private.session_person(p_token_hash bytea, p_is_seen boolean)
returns table (
    session_id uuid, staff_id uuid, school_id uuid, full_name text, role text, school_name text, time_zone text
)
language plpgsql volatile security definer set search_path = ''
as $$
declare
    unwritten interval;
begin
    select
        se.id, st.id, st.school_id, st.full_name, st.role, sc.name, sc.time_zone, now() - se.last_seen_at
        into session_id, staff_id, school_id, full_name, role, school_name, time_zone, unwritten
    from public.sessions as se
    inner join public.staff as st on se.staff_id = st.id
    inner join public.schools as sc on st.school_id = sc.id
    where se.token_hash = p_token_hash and se.revoked_at is null and st.active
        and se.expires_at > now() and se.last_seen_at > now() - interval '8 hours';
    if session_id is null then
        return;
    end if;
    if p_is_seen and unwritten >= interval '1 minute' then
        update public.sessions as se set last_seen_at = now()
        where se.id = session_id and se.last_seen_at <= now() - interval '1 minute';
    end if;
    return next;
end
$$;
comment on function private.session_person(bytea, boolean) is
'Who holds this token, as the school knows them now; no row once the session is over. Seen at most once a minute.';

create function private.session_was_ended(p_token_hash bytea) returns boolean
language sql stable security definer set search_path = ''
as $$
    select not exists (
        select
        from public.sessions as se
        inner join public.staff as st on se.staff_id = st.id
        where se.token_hash = p_token_hash and se.revoked_at is null and st.active
    )
$$;
comment on function private.session_was_ended(bytea) is
'Whether somebody ended it, or took the member out; false for one that only ran out of time.';

create function private.end_session(p_token_hash bytea) returns void
language sql volatile security definer set search_path = ''
as $$
    update public.sessions set revoked_at = now() where token_hash = p_token_hash and revoked_at is null
$$;

-- When another attempt of this kind may be made, null when it may now. One at a time for a key: the lock is a statement
-- of its own and the clock is read after it.
create function private.take_attempt(p_kind text, p_key_hash bytea, p_at_most integer, p_within interval)
returns timestamptz
language plpgsql volatile security definer set search_path = ''
as $$
declare
    recent timestamptz[];
begin
    perform pg_catalog.pg_advisory_xact_lock(
        pg_catalog.hashtextextended(p_kind || '/' || encode(p_key_hash, 'hex'), 22)
    );
    select array_agg(a.created_at order by a.created_at desc) into recent
    from (
        select created_at from public.sign_in_attempts
        where kind = p_kind and key_hash = p_key_hash and created_at > clock_timestamp() - p_within
        order by created_at desc
        limit p_at_most
    ) as a;
    if cardinality(recent) >= p_at_most then
        return recent[p_at_most] + p_within;
    end if;
    insert into public.sign_in_attempts (kind, key_hash, created_at) values (p_kind, p_key_hash, clock_timestamp());
    return null;
end
$$;

-- A whole school shares one address in the morning, so only attempts that fail or are under way are counted.
create function private.take_sign_in_attempt(p_account bytea, p_address bytea) returns timestamptz
language plpgsql volatile security definer set search_path = ''
as $$
declare
    opens_at timestamptz;
begin
    delete from public.sign_in_attempts as a
    where a.id in (
        select o.id from public.sign_in_attempts as o
        where o.created_at < now() - interval '1 day'
        limit 100 for update skip locked
    );
    opens_at := private.take_attempt('address', p_address, 300, interval '15 minutes');
    if opens_at is null and p_account is not null then
        opens_at := private.take_attempt('account', p_account, 10, interval '15 minutes');
    end if;
    return opens_at;
end
$$;
comment on function private.take_sign_in_attempt(bytea, bytea) is
'Null when it may be tried, else when to ask again: 10 an account and 300 an address within 15 minutes.';

create function private.forget_sign_in_attempts(p_account bytea, p_address bytea, p_is_success boolean) returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
    delete from public.sign_in_attempts as a where a.kind = 'account' and a.key_hash = p_account and p_is_success;
    delete from public.sign_in_attempts as a
    where a.id in (
        select o.id from public.sign_in_attempts as o
        where o.kind = 'address' and o.key_hash = p_address
        order by o.created_at desc
        limit 1 for update skip locked
    );
    delete from public.sign_in_attempts as a
    where a.id in (
        select o.id from public.sign_in_attempts as o
        where o.kind = 'account' and o.key_hash = p_account and not p_is_success
        order by o.created_at desc
        limit 1 for update skip locked
    );
end
$$;
comment on function private.forget_sign_in_attempts(bytea, bytea, boolean) is
'A success makes all of the account''s attempts good; an attempt that the provider could not answer counts as none.';

create function private.take_mail(p_account bytea, p_address bytea) returns timestamptz
language plpgsql volatile security definer set search_path = ''
as $$
begin
    return coalesce(
        private.take_attempt('mail_address', p_address, 30, interval '1 hour'),
        private.take_attempt('mail', p_account, 3, interval '1 hour')
    );
end
$$;
comment on function private.take_mail(bytea, bytea) is
'Null when a mail about a forgotten password may be sent: 3 an account and 30 an address within an hour.';

grant execute on function
private.start_session(text, text, text, bytea, text), private.session_person(bytea, boolean),
private.session_was_ended(bytea), private.end_session(bytea), private.take_sign_in_attempt(bytea, bytea),
private.forget_sign_in_attempts(bytea, bytea, boolean), private.take_mail(bytea, bytea)
to authenticated;

-- By a person who is known ------------------------------------------------------------------------------------

create function private.end_my_sessions(p_but_token_hash bytea) returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
    ended integer;
begin
    update public.sessions as se set revoked_at = now()
    where se.staff_id = private.me() and se.revoked_at is null
        and se.token_hash is distinct from p_but_token_hash;
    get diagnostics ended = row_count;
    return ended;
end
$$;
comment on function private.end_my_sessions(bytea) is 'How many of the caller''s other sessions this ended.';

-- Admins end a colleague's; that goes into the audit log, a person's own does not.
create function private.may_end_sessions_of(p_staff uuid) returns boolean
language sql stable security definer set search_path = ''
as $$
    select p_staff = private.me() or private.is_admin() and exists (
        select from public.staff as s where s.id = p_staff and s.school_id = private.my_school_id()
    )
$$;

create function private.end_one_session(p_session uuid) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
declare
    ended public.sessions;
begin
    update public.sessions as se set revoked_at = now()
    where se.id = p_session and se.revoked_at is null and private.may_end_sessions_of(se.staff_id)
    returning * into ended;
    if ended.id is not null and ended.staff_id <> private.me() then
        perform private.write_audit(
            ended.school_id, private.me(), 'end session', 'staff ' || ended.staff_id,
            jsonb_build_object('session', ended.id), null
        );
    end if;
    return ended.id is not null;
end
$$;
comment on function private.end_one_session(uuid) is
'False for a session that is over already, or is neither the caller''s nor one of an admin''s colleague.';

-- After this the next sign-in links anew, by e-mail: for an account that was made again, or that is somebody else's.
create function private.unlink_sign_ins(p_staff uuid) returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
    issuers text[];
begin
    if private.me() is null or not private.is_admin() or not private.may_end_sessions_of(p_staff) then
        raise exception 'only an admin of the school' using errcode = '42501';
    end if;
    with gone as (
        delete from public.staff_sign_ins as si where si.staff_id = p_staff returning si.issuer
    )
    select array_agg(gone.issuer) into issuers from gone;
    if issuers is not null then
        perform private.write_audit(
            private.my_school_id(), private.me(), 'unlink sign-in', 'staff ' || p_staff,
            jsonb_build_object('issuers', issuers), null
        );
    end if;
    return coalesce(cardinality(issuers), 0);
end
$$;
comment on function private.unlink_sign_ins(uuid) is
'Takes a member''s accounts at providers away, and with them every session; returns how many.';

create function private.end_sessions_of(p_staff uuid) returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
    ended integer;
begin
    if not coalesce(private.may_end_sessions_of(p_staff), false) then
        raise exception 'neither the caller nor a colleague' using errcode = '42501';
    end if;
    update public.sessions as se set revoked_at = now() where se.staff_id = p_staff and se.revoked_at is null;
    get diagnostics ended = row_count;
    if ended > 0 and p_staff <> private.me() then
        perform private.write_audit(
            private.my_school_id(), private.me(), 'end sessions', 'staff ' || p_staff,
            jsonb_build_object('sessions', ended), null
        );
    end if;
    return ended;
end
$$;
comment on function private.end_sessions_of(uuid) is
'How many sessions of the caller, or of an admin''s colleague, this ended.';

grant execute on function
private.end_my_sessions(bytea), private.end_one_session(uuid), private.end_sessions_of(uuid),
private.unlink_sign_ins(uuid)
to authenticated;
