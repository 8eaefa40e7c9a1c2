create table public.photo_jobs (
    id uuid primary key default gen_random_uuid(),
    -- Named besides the student's, so that a school's jobs go before those who asked for them.
    school_id uuid not null references public.schools (id) on delete cascade,
    student_id uuid not null,
    class_id uuid,
    requested_by uuid,
    type text not null default 'image' check (type in ('image', 'batch_image')),
    options jsonb not null default '{}',
    state text not null default 'queued' check (
        state in ('queued', 'reserved', 'calling', 'received', 'done', 'failed', 'unconfirmed', 'cancelled')
    ),
    cost_usd numeric(16, 10) check (cost_usd >= 0),
    cost_source text check (cost_source in ('reported', 'estimated', 'possible', 'unpriced')),
    not_before timestamptz,
    wait_reason text check (wait_reason in ('slot', 'budget', 'provider', 'storage')),
    attempt smallint not null default 0 check (attempt >= 0),
    free_retries smallint not null default 0 check (free_retries between 0 and 5),
    worker_id text,
    usage_id uuid references public.openai_usage (id),
    error_code text,
    message text,
    retry_of uuid references public.photo_jobs (id) on delete set null,
    called_at timestamptz,
    received_at timestamptz,
    finished_at timestamptz,
    created_at timestamptz not null default now(),
    unique (school_id, id),
    foreign key (school_id, student_id) references public.students (school_id, id) on delete cascade,
    foreign key (school_id, class_id) references public.classes (school_id, id) on delete set null (class_id),
    foreign key (school_id, requested_by) references public.staff (school_id, id)
);
comment on table public.photo_jobs is
'A wish for one portrait, from the click to its end; requested_by is null for the operator.';
create unique index photo_jobs_one_active_key on public.photo_jobs (school_id, student_id)
where state in ('queued', 'reserved', 'calling', 'received');
create index photo_jobs_student_id_created_at_idx on public.photo_jobs (student_id, created_at desc);
create index photo_jobs_requested_by_idx on public.photo_jobs (requested_by) where state = 'queued';
create index photo_jobs_active_idx on public.photo_jobs (state)
where state in ('queued', 'reserved', 'calling', 'received');

create function private.keep_to_the_states() returns trigger
language plpgsql set search_path = ''
as $$
begin
    if old.state = new.state then
        if old.state not in ('done', 'failed', 'cancelled') then
            return new;
        end if;
        -- What these two name may be removed, and then the foreign keys set them to null.
        if to_jsonb(new) - array['class_id', 'retry_of'] = to_jsonb(old) - array['class_id', 'retry_of'] then
            return new;
        end if;
        raise exception 'a % job does not change', old.state using errcode = 'SR411';
    end if;
    if (old.state || ' → ' || new.state) not in (
        'queued → reserved', 'queued → failed', 'queued → cancelled',
        'reserved → failed', 'reserved → queued', 'reserved → calling',
        'calling → queued', 'calling → failed', 'calling → unconfirmed', 'calling → received',
        'unconfirmed → received',
        'received → done', 'received → failed'
    ) then
        raise exception 'a photo job does not go from % to %', old.state, new.state using errcode = 'SR411';
    end if;
    return new;
end
$$;
comment on function private.keep_to_the_states() is 'The edges of docs/architecture.md, and no others.';
create trigger keep_to_the_states before update on public.photo_jobs
for each row execute function private.keep_to_the_states();

create table public.photo_replies (
    job_id uuid primary key,
    school_id uuid not null,
    bytes bytea not null,
    created_at timestamptz not null default now(),
    foreign key (school_id, job_id) references public.photo_jobs (school_id, id) on delete cascade
);
comment on table public.photo_replies is 'The provider''s reply to a paid call, until its picture is stored.';

create table public.photos (
    id uuid primary key,
    school_id uuid not null,
    student_id uuid not null,
    storage_key text not null,
    thumb_key text not null,
    address text not null,
    width smallint not null check (width > 0),
    height smallint not null check (height > 0),
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    model text not null,
    style text not null,
    prompt text not null,
    options jsonb not null default '{}',
    cost_usd numeric(16, 10) check (cost_usd >= 0),
    cost_source text not null check (cost_source in ('reported', 'estimated', 'possible', 'unpriced')),
    is_current boolean not null default false,
    removed_at timestamptz,
    made_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    check (not (is_current and removed_at is not null)),
    foreign key (school_id, id) references public.photo_jobs (school_id, id) on delete cascade,
    foreign key (school_id, student_id) references public.students (school_id, id) on delete cascade
);
comment on table public.photos is
'A portrait that was kept, under its job''s id; one a student is current.';
comment on column public.photos.address is 'What students.profile_photo holds while this photo is current.';
comment on column public.photos.removed_at is
'For when its files are deleted, after which it is neither served nor shown; nothing deletes files yet.';
create unique index photos_current_key on public.photos (school_id, student_id) where is_current;
create index photos_student_id_made_at_idx on public.photos (student_id, made_at desc);

create table public.provider_pauses (
    key_hash text primary key,
    paused_until timestamptz not null,
    why text not null,
    created_at timestamptz not null default now()
);
comment on table public.provider_pauses is 'A provider key, by hash, that is not to be used before a time.';

do $$
declare
    name text;
begin
    foreach name in array array['photo_jobs', 'photo_replies', 'photos', 'provider_pauses'] loop
        execute format('alter table public.%I enable row level security', name);
        execute format('revoke all on public.%I from public, anon, authenticated, service_role', name);
        execute format('grant select, insert, update, delete on public.%I to service_role', name);
    end loop;
end
$$;
grant select on public.photo_jobs, public.photos to authenticated;
create policy "teachers read their students' portrait jobs, admins the school's" on public.photo_jobs
for select to authenticated
using (
    student_id in (select private.my_student_ids())
    or (school_id = (select private.my_school_id()) and (select private.is_admin()))
);
create policy "teachers read their students' photos, admins the school's" on public.photos
for select to authenticated
using (
    student_id in (select private.my_student_ids())
    or (school_id = (select private.my_school_id()) and (select private.is_admin()))
);

create function private.may_see_student(p_student uuid) returns boolean
language sql stable security definer set search_path = ''
as $$
    select exists (
        select from public.students as s
        where s.id = p_student
            and (
                s.id in (select private.my_student_ids())
                or (s.school_id = private.my_school_id() and private.is_admin())
            )
    )
$$;
grant execute on function private.may_see_student(uuid) to authenticated;

-- A second click finds the job of the first; the partial unique index decides between two at once.
create function private.request_portrait_for(p_staff uuid, p_student uuid, p_options jsonb, p_retry_of uuid)
returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
    student public.students;
    found uuid;
    waiting integer;
    at_most integer;
    starts_at timestamptz;
    in_class uuid;
begin
    select s.* into student from public.students as s where s.id = p_student;
    if student.id is null then
        raise exception 'unknown student' using errcode = 'SR404';
    end if;
    if student.status <> 'active' or not student.portraits_allowed then
        raise exception 'no portrait allowed' using errcode = 'SR409';
    end if;
    if p_retry_of is not null and not exists (
        select from public.photo_jobs as j
        where j.id = p_retry_of and j.student_id = p_student and j.state in ('failed', 'unconfirmed', 'cancelled')
    ) then
        raise exception 'unknown job to retry' using errcode = 'SR404';
    end if;
    perform pg_catalog.pg_advisory_xact_lock(
        pg_catalog.hashtextextended(coalesce(p_staff, student.school_id)::text || '/waiting', 7)
    );
    select j.id into found from public.photo_jobs as j
    where j.student_id = p_student and j.state in ('queued', 'reserved', 'calling', 'received');
    if found is not null then
        return found;
    end if;
    select l.at_most into at_most from private.limit_for(student.school_id, p_staff, 'image') as l;
    select count(*) into waiting from public.photo_jobs as j
    where j.school_id = student.school_id and j.requested_by is not distinct from p_staff
        and j.type = 'image' and j.state = 'queued';
    starts_at := private.slot_opens_at(student.school_id, p_staff, 'image', waiting);
    -- As many may wait as one window holds, besides those that can start at once.
    if waiting >= at_most and private.slot_opens_at(
        student.school_id, p_staff, 'image', waiting - at_most
    ) > clock_timestamp() then
        raise exception 'too many waiting' using errcode = 'SR429', detail = jsonb_build_object(
            'waiting', at_most,
            'first_starts_at', (
                select min(j.not_before) from public.photo_jobs as j
                where j.school_id = student.school_id and j.requested_by is not distinct from p_staff
                    and j.type = 'image' and j.state = 'queued'
            )
        )::text;
    end if;
    select e.class_id into in_class
    from public.enrolments as e
    inner join public.classes as c on e.class_id = c.id
    where e.student_id = p_student and e.to_date is null
    order by c.kind = 'form' desc, c.name
    limit 1;
    if starts_at <= clock_timestamp() then
        starts_at := null;
    end if;
    insert into public.photo_jobs
    (school_id, student_id, class_id, requested_by, options, retry_of, not_before, wait_reason)
    values (
        student.school_id, p_student, in_class, p_staff, p_options, p_retry_of, starts_at,
        case when starts_at is not null then 'slot' end
    )
    on conflict (school_id, student_id) where state in ('queued', 'reserved', 'calling', 'received') do nothing
    returning id into found;
    if found is null then
        select j.id into found from public.photo_jobs as j
        where j.student_id = p_student and j.state in ('queued', 'reserved', 'calling', 'received');
        return found;
    end if;
    perform private.defer_job('make_portrait', jsonb_build_object('job_id', found), 10, starts_at);
    return found;
end
$$;
comment on function private.request_portrait_for(uuid, uuid, jsonb, uuid) is
'The id of the student''s one active job, made now unless there was one.';
grant execute on function private.request_portrait_for(uuid, uuid, jsonb, uuid) to service_role;

create function private.request_portrait(p_student uuid, p_options jsonb, p_retry_of uuid default null)
returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
begin
    if private.me() is null or not private.may_see_student(p_student) then
        raise exception 'unknown student' using errcode = 'SR404';
    end if;
    return private.request_portrait_for(private.me(), p_student, p_options, p_retry_of);
end
$$;
grant execute on function private.request_portrait(uuid, jsonb, uuid) to authenticated;

create function private.cancel_portrait(p_job uuid) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
declare
    cancelled uuid;
begin
    update public.photo_jobs as j set state = 'cancelled', finished_at = clock_timestamp(), not_before = null, wait_reason = null
    where j.id = p_job and j.state = 'queued' and private.may_see_student(j.student_id)
    returning j.id into cancelled;
    return cancelled is not null;
end
$$;
comment on function private.cancel_portrait(uuid) is 'False when the job had started or ended already.';
grant execute on function private.cancel_portrait(uuid) to authenticated;

-- The address stands in the row, so that the app and the user's own SQL read the same.
create function private.show_photo(p_student uuid, p_photo uuid, p_url text) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
    before uuid;
begin
    -- The worker and people take turns; key share locks, which a new photo's foreign key holds, don't stand in the way.
    perform from public.students as s where s.id = p_student for no key update;
    select p.id into before from public.photos as p where p.student_id = p_student and p.is_current;
    update public.photos as p set is_current = false where p.student_id = p_student and p.is_current;
    update public.photos as p set is_current = true where p.id = p_photo;
    update public.students as s set profile_photo = p_url where s.id = p_student;
    return before;
end
$$;
comment on function private.show_photo(uuid, uuid, text) is
'Makes a photo, or none, the current one; the id of the one that was.';
grant execute on function private.show_photo(uuid, uuid, text) to service_role;

create function private.use_photo(p_photo uuid) returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
    photo public.photos;
    before uuid;
begin
    select p.* into photo from public.photos as p
    where p.id = p_photo and p.removed_at is null and private.may_see_student(p.student_id);
    if photo.id is null then
        raise exception 'no such photo' using errcode = 'SR410';
    end if;
    perform from public.students as s where s.id = photo.student_id for no key update;
    if not exists (
        select from public.students as s where s.id = photo.student_id and s.status = 'active' and s.portraits_allowed
    ) then
        raise exception 'no portrait allowed' using errcode = 'SR409';
    end if;
    before := private.show_photo(photo.student_id, photo.id, photo.address);
    perform private.write_audit(
        photo.school_id, private.me(), 'use photo', 'student ' || photo.student_id,
        jsonb_build_object('photo', before), jsonb_build_object('photo', photo.id)
    );
end
$$;
grant execute on function private.use_photo(uuid) to authenticated;

create function private.remove_photo(p_student uuid) returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
    before uuid;
begin
    if not private.may_see_student(p_student) then
        raise exception 'unknown student' using errcode = 'SR404';
    end if;
    before := private.show_photo(p_student, null, null);
    if before is null then
        return;
    end if;
    perform private.write_audit(
        private.my_school_id(), private.me(), 'remove photo', 'student ' || p_student,
        jsonb_build_object('photo', before), jsonb_build_object('photo', null)
    );
end
$$;
comment on function private.remove_photo(uuid) is
'Shows no photo; the one that was shown stays among the earlier ones.';
grant execute on function private.remove_photo(uuid) to authenticated;

-- A wish may wait for long, and whoever made it may have left the staff or the class by then.
create function private.may_still_ask(p_staff uuid, p_student uuid) returns boolean
language sql stable security definer set search_path = ''
as $$
    select p_staff is null or exists (
        select from public.staff as st
        inner join public.students as s on st.school_id = s.school_id
        where st.id = p_staff and s.id = p_student and st.active
            and (
                st.role = 'admin'
                or exists (
                    select from public.class_staff as cs
                    inner join public.classes as c on cs.class_id = c.id
                    inner join public.enrolments as e on cs.class_id = e.class_id
                    where cs.staff_id = st.id and c.archived_at is null
                        and e.student_id = s.id and e.to_date is null
                )
            )
    )
$$;
comment on function private.may_still_ask(uuid, uuid) is 'What may_see_student says to a person, asked about them.';

-- What the worker does first: one short transaction that takes the slot and holds the cost.
create function private.claim_portrait(p_job uuid, p_worker text, p_key_hash text, p_model text, p_held numeric)
returns table (outcome text, starts_at timestamptz, usage_id uuid, attempt smallint)
language plpgsql volatile security definer set search_path = ''
as $$
declare
    job public.photo_jobs;
    student public.students;
    opens timestamptz;
    reason text;
    usage uuid;
begin
    select j.* into job from public.photo_jobs as j where j.id = p_job for update;
    if job.id is null or job.state <> 'queued' then
        return query select coalesce(job.state, 'gone'), null::timestamptz, job.usage_id, job.attempt;
        return;
    end if;
    select s.* into student from public.students as s where s.id = job.student_id;
    if student.status <> 'active' or not student.portraits_allowed
        or not private.may_still_ask(job.requested_by, job.student_id) then
        return query select 'not_allowed'::text, null::timestamptz, null::uuid, job.attempt;
        return;
    end if;
    select p.paused_until, 'provider' into opens, reason from public.provider_pauses as p
    where p.key_hash = p_key_hash and p.paused_until > clock_timestamp();
    if opens is null then
        opens := private.take_slot_for(job.school_id, job.requested_by, job.type, 'images.generate');
        reason := 'slot';
    end if;
    if opens is not null then
        update public.photo_jobs as j set not_before = opens, wait_reason = reason where j.id = p_job;
        return query select 'wait'::text, opens, null::uuid, job.attempt;
        return;
    end if;
    insert into public.openai_usage (
        school_id, user_id, type, model, job_id, attempt, state, held_cost, feature, class_id, request_data
    )
    values (
        job.school_id, job.requested_by, job.type, p_model, job.id, job.attempt + 1, 'reserved', p_held, 'portrait',
        job.class_id, jsonb_build_object('style', job.options ->> 'style')
    )
    returning id into usage;
    update public.photo_jobs as j
    set state = 'reserved', attempt = job.attempt + 1, worker_id = p_worker, usage_id = usage,
        not_before = null, wait_reason = null, error_code = null, message = null
    where j.id = p_job;
    return query select 'claimed'::text, null::timestamptz, usage, (job.attempt + 1)::smallint;
end
$$;
comment on function private.claim_portrait(uuid, text, text, text, numeric) is
'outcome is claimed, wait (until starts_at), not_allowed, or the state that forbids a claim.';
grant execute on function private.claim_portrait(uuid, text, text, text, numeric) to service_role;
