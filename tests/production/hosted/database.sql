-- A project's database as it is before our first migration. Run by supabase_admin in a database that is postgres's.
create schema extensions;
grant usage on schema public, extensions to postgres, anon, authenticated, service_role;
alter default privileges for role postgres in schema public
grant all on tables to postgres, anon, authenticated, service_role;
alter default privileges for role postgres in schema public
grant all on functions to postgres, anon, authenticated, service_role;
alter default privileges for role postgres in schema public
grant all on sequences to postgres, anon, authenticated, service_role;

create schema auth;
grant all on schema auth to postgres;
grant usage on schema auth to anon, authenticated, service_role;

create function auth.jwt() returns jsonb
language sql stable
as $$
    select nullif(current_setting('request.jwt.claims', true), '')::jsonb
$$;

create function auth.uid() returns uuid
language sql stable
as $$
    select (auth.jwt() ->> 'sub')::uuid
$$;

-- Storage is made by sql/local afterwards. Supabase lets postgres make policies on its tables and refuses all else.
create function extensions.only_policies_in_storage() returns event_trigger
language plpgsql
as $$
declare
    done record;
begin
    for done in select * from pg_event_trigger_ddl_commands() loop
        if session_user = 'postgres'
            and (done.schema_name = 'storage' or done.object_identity like '% on storage.%')
            and done.command_tag not in ('CREATE POLICY', 'ALTER POLICY') then
            raise insufficient_privilege using message = 'must be owner of ' || done.object_identity;
        end if;
    end loop;
end
$$;
create event trigger only_policies_in_storage on ddl_command_end
execute function extensions.only_policies_in_storage();
