-- What Supabase has and plain Postgres lacks. Run by a superuser, any number of times.
-- Roles belong to the whole server, so another database of it may have made them before.
do $$
declare
    wanted record;
begin
    for wanted in
        select * from (values
            ('anon', 'nologin noinherit'),
            ('authenticated', 'nologin noinherit'),
            ('service_role', 'nologin noinherit bypassrls'),
            ('staffroom_owner', 'login createrole bypassrls')
        ) as roles (name, attributes)
    loop
        if not exists (select from pg_catalog.pg_roles where rolname = wanted.name) then
            execute format('create role %I %s', wanted.name, wanted.attributes);
        end if;
    end loop;
end
$$;

-- Like Supabase's `postgres`: it hands these roles to our logins.
grant anon to staffroom_owner with admin option;
grant authenticated to staffroom_owner with admin option;
grant service_role to staffroom_owner with admin option;
-- A backup's rows are true as they are, so none of our triggers changes or refuses them.
do $$
begin
    -- As text, because the linter does not know this grant of Postgres 15.
    execute 'grant set on parameter session_replication_role to staffroom_owner';
end
$$;

create schema if not exists auth;
grant usage on schema auth to anon, authenticated, service_role, staffroom_owner;

create or replace function auth.jwt() returns jsonb
language sql stable
as $$
    select nullif(current_setting('request.jwt.claims', true), '')::jsonb
$$;

create or replace function auth.uid() returns uuid
language sql stable
as $$
    select (auth.jwt() ->> 'sub')::uuid
$$;
