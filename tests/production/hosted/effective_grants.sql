-- Who may do what in the end, however it was granted: one row for each thing, role and verb.
with roles as (
    select r.rolname::text as name
    from pg_roles as r
    where r.rolname in ('anon', 'authenticated', 'service_role', 'authenticator', 'staffroom_app', 'staffroom_worker')
    union all
    select 'public'
),

schemas as (
    select n.oid, n.nspname
    from pg_namespace as n where n.nspname in ('public', 'private', 'procrastinate', 'supabase_migrations')
),

relations as (
    select c.oid, c.oid::regclass::text as name, c.relkind from pg_class as c inner join schemas as s on s.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'S')
)

select 'schema ' || s.nspname as what, r.name as role, v.verb
from schemas as s, roles as r, unnest(array['USAGE', 'CREATE']) as v (verb)
where has_schema_privilege(r.name, s.oid, v.verb)
union all
select c.name, r.name, v.verb
from relations as c, roles as r,
    unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) as v (verb)
where c.relkind <> 'S' and has_table_privilege(r.name, c.oid, v.verb)
union all
select c.name || '.' || a.attname, r.name, v.verb
from relations as c
inner join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped,
    roles as r, unnest(array['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) as v (verb)
where c.relkind <> 'S' and has_column_privilege(r.name, c.oid, a.attnum, v.verb)
union all
select c.name, r.name, v.verb
from relations as c, roles as r, unnest(array['SELECT', 'UPDATE', 'USAGE']) as v (verb)
where c.relkind = 'S' and has_sequence_privilege(r.name, c.oid, v.verb)
union all
select p.oid::regprocedure::text, r.name, 'EXECUTE'
from pg_proc as p inner join schemas as s on s.oid = p.pronamespace, roles as r
where has_function_privilege(r.name, p.oid, 'EXECUTE')
order by what, role, verb
