-- Everything that the doctor asks of a database's catalogue, in one round trip; any login may read it.
select json_build_object(
    'at', extract(epoch from clock_timestamp()),
    'backend', pg_backend_pid(),
    'version', current_setting('server_version_num')::int / 10000,
    'version_text', current_setting('server_version'),
    'search_path', current_setting('search_path'),
    'has_history', to_regclass('supabase_migrations.schema_migrations') is not null,
    'login', (
        select json_build_object(
            'name', r.rolname,
            'is_superuser', r.rolsuper,
            'bypasses_policies', r.rolbypassrls,
            'inherits', r.rolinherit,
            'makes_roles', r.rolcreaterole or r.rolcreatedb or r.rolreplication,
            'most_connections', r.rolconnlimit,
            'owns', (
                select count(*) from pg_catalog.pg_shdepend as d
                where d.refclassid = 'pg_catalog.pg_authid'::regclass and d.refobjid = r.oid and d.deptype = 'o'
            ),
            'member_of', array(
                select distinct g.rolname from pg_catalog.pg_auth_members as m
                inner join pg_catalog.pg_roles as g on m.roleid = g.oid
                where m.member = r.oid
                order by g.rolname
            )
        )
        from pg_catalog.pg_roles as r where r.rolname = session_user
    ),
    'tables_without_security', array(
        select c.relname::text from pg_catalog.pg_class as c
        where c.relnamespace = to_regnamespace('public') and c.relkind in ('r', 'p') and not c.relrowsecurity
        order by 1
    ),
    'careless_views', array(
        select c.relname::text from pg_catalog.pg_class as c
        where c.relnamespace = to_regnamespace('public') and c.relkind in ('v', 'm')
            and not coalesce(c.reloptions && array['security_invoker=true', 'security_invoker=on', 'security_invoker=1'], false)
        order by 1
    ),
    'has_storage', exists(
        select from pg_catalog.pg_class as c inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
        where n.nspname = 'storage' and c.relname = 'objects'
    ),
    'policies', array(
        select format('%s.%s: %s', p.schemaname, p.tablename, p.policyname) from pg_catalog.pg_policies as p
        where p.schemaname = 'public' or p.schemaname = 'storage' and p.tablename = 'objects'
        order by 1
    ),
    'open_policies', array(
        select format('%s: %s', p.tablename, p.policyname) from pg_catalog.pg_policies as p
        where p.schemaname = 'public' and p.roles && array['public', 'anon']::name[]
        order by 1
    ),
    'open_to_anyone', array(
        select c.relname::text from pg_catalog.pg_class as c
        cross join pg_catalog.pg_roles as r
        where c.relnamespace = to_regnamespace('public') and c.relkind in ('r', 'p', 'v', 'm') and r.rolname = 'anon'
            and has_table_privilege(r.oid, c.oid, 'select, insert, update, delete')
        order by 1
    ),
    'room', json_build_object(
        'most', current_setting('max_connections')::int,
        'kept_back', current_setting('superuser_reserved_connections')::int
        + coalesce(current_setting('reserved_connections', true)::int, 0),
        'most_of_database', (select d.datconnlimit from pg_catalog.pg_database as d where d.datname = current_database()),
        'open', (select sum(s.numbackends) from pg_catalog.pg_stat_database as s),
        'open_of_app', (select count(*) from pg_catalog.pg_stat_activity as a where a.usename = 'staffroom_app'),
        'open_of_worker', (select count(*) from pg_catalog.pg_stat_activity as a where a.usename = 'staffroom_worker')
    )
)
