-- What Supabase Storage has and plain Postgres lacks, as far as policies need it; no photo of ours lies here.
-- Run by a superuser, any number of times; where Storage is already, nothing of it is touched.
do $$
begin
    if to_regclass('storage.objects') is not null then
        return;
    end if;

    create schema if not exists storage;
    grant usage on schema storage to anon, authenticated, service_role, staffroom_owner;

    create table storage.buckets (
        id text primary key,
        name text not null unique,
        owner uuid,
        public boolean not null default false,
        file_size_limit bigint,
        allowed_mime_types text[],
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
    );

    create table storage.objects (
        id uuid primary key default gen_random_uuid(),
        bucket_id text references storage.buckets (id),
        name text,
        owner uuid,
        metadata jsonb,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        last_accessed_at timestamptz not null default now(),
        unique (bucket_id, name)
    );

    -- Every folder on the way to a file, the outermost first.
    create function storage.foldername(name text) returns text[]
    language sql immutable
    as $function$
        select parts.steps[1:cardinality(parts.steps) - 1] from (select string_to_array(name, '/') as steps) as parts
    $function$;

    -- As there, everyone may ask and only policies answer; the migrations' role may make policies, and there no more.
    alter table storage.buckets enable row level security;
    alter table storage.objects enable row level security;
    grant all on storage.buckets, storage.objects to anon, authenticated, service_role;
    alter table storage.buckets owner to staffroom_owner;
    alter table storage.objects owner to staffroom_owner;
end
$$;
