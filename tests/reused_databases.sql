-- What a database needs to be used by one test after the other.
create schema tests_own;

-- Who wrote a row last tells as much as all that stands in it.
create table tests_own.migrations as
select version, xmin::text as written_by from supabase_migrations.schema_migrations;

create table tests_own.emptied as
select c.oid::regclass as name from pg_catalog.pg_class as c
inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
where c.relkind = 'r'
    and n.nspname not in ('pg_catalog', 'information_schema', 'supabase_migrations', 'tests_own');

create table tests_own.changes (tag text);

create function tests_own.note_change() returns event_trigger
language plpgsql security definer set search_path = ''
as $$
begin
    insert into tests_own.changes (tag) values (tg_tag);
end
$$;

-- False if the database can't be used again: its structure was changed, or it has grown.
create function tests_own.empty() returns boolean
language plpgsql set search_path = ''
as $$
declare
    used record;
begin
    if exists (select from tests_own.changes) or exists (
        select version, written_by from tests_own.migrations
        except
        select version, xmin::text from supabase_migrations.schema_migrations
    ) or exists (
        select version, xmin::text from supabase_migrations.schema_migrations
        except
        select version, written_by from tests_own.migrations
    ) then
        return false;
    end if;
    -- No trigger and no foreign key stands in the way.
    perform set_config('session_replication_role', 'replica', true);
    for used in
        select name, pg_relation_size(name) as size from tests_own.emptied where pg_relation_size(name) > 0
    loop
        if used.size > 500000 then
            return false;
        end if;
        execute format('delete from %s', used.name);
    end loop;
    perform setval(s.seqrelid::regclass, s.seqstart, false) from pg_catalog.pg_sequence as s
    where pg_sequence_last_value(s.seqrelid::regclass) is not null;
    return true;
end
$$;

create event trigger tests_note_change on ddl_command_end execute function tests_own.note_change();
