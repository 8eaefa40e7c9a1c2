-- The two logins. They own nothing, inherit nothing and get their passwords from `staffroom db roles`.
do $$
begin
    if not exists (select from pg_catalog.pg_roles where rolname = 'staffroom_app') then
        create role staffroom_app login noinherit;
    end if;
    if not exists (select from pg_catalog.pg_roles where rolname = 'staffroom_worker') then
        create role staffroom_worker login noinherit;
    end if;
end
$$;

grant authenticated to staffroom_app;
grant service_role to staffroom_worker;

-- Starting the app asks which migrations are there; the runner or the Supabase CLI has made this by now.
grant usage on schema supabase_migrations to staffroom_app, staffroom_worker;
grant select on supabase_migrations.schema_migrations to staffroom_app, staffroom_worker;

-- Functions that check for themselves; not exposed by Supabase's API.
create schema private;
revoke all on schema private from public;
grant usage on schema private to authenticated, service_role;

-- Every function of ours names who may call it.
alter default privileges revoke execute on functions from public;
