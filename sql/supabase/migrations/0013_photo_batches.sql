create table public.photo_batches (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null references public.schools (id) on delete cascade,
    class_id uuid,
    requested_by uuid,
    options jsonb not null default '{}',
    state text not null default 'running' check (state in ('running', 'paused', 'cancelled', 'finished')),
    pause_reason text,
    message text,
    started_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz,
    paused_at timestamptz,
    created_at timestamptz not null default now(),
    unique (school_id, id),
    check ((state = 'paused') = (pause_reason is not null)),
    check (state not in ('running', 'paused') or finished_at is null),
    foreign key (school_id, class_id) references public.classes (school_id, id) on delete set null (class_id),
    foreign key (school_id, requested_by) references public.staff (school_id, id)
);
comment on table public.photo_batches is
'A wish for portraits of a class, one job a student; requested_by is null for the operator.';
comment on column public.photo_batches.pause_reason is
'asked when a person paused it, else the code of the error that makes going on pointless; message is its sentence.';
comment on column public.photo_batches.started_at is
'Of the latest go: a batch whose failed ones are tried again starts anew.';
comment on column public.photo_batches.paused_at is
'When it was last paused, kept when it goes on.';
-- A second click, another tab and another teacher find the batch that runs.
create unique index photo_batches_one_active_key on public.photo_batches (school_id, class_id)
where state in ('running', 'paused');
create index photo_batches_class_id_created_at_idx on public.photo_batches (class_id, created_at desc);

alter table public.photo_jobs add column batch_id uuid;
alter table public.photo_jobs add column place smallint;
alter table public.photo_jobs add column held_usd numeric(16, 10) check (held_usd >= 0);
alter table public.photo_jobs add column decided_at timestamptz;
alter table public.photo_jobs add foreign key (school_id, batch_id)
references public.photo_batches (school_id, id) on delete set null (batch_id);
comment on column public.photo_jobs.place is 'Which one of its batch it is, in register order.';
comment on column public.photo_jobs.held_usd is
'What its latest call may cost, for those who can''t read the ledger of whoever asked.';
comment on column public.photo_jobs.decided_at is 'When a person chose to leave an unconfirmed job as it is.';
create index photo_jobs_batch_id_idx on public.photo_jobs (batch_id, place) where batch_id is not null;

create or replace function private.keep_to_the_states() returns trigger
language plpgsql set search_path = ''
as $$
begin
    if old.state = new.state then
        if old.state not in ('done', 'failed', 'cancelled') then
            return new;
        end if;
        -- What these name may be removed, and then the foreign keys set them to null.
        if to_jsonb(new) - array['class_id', 'retry_of', 'batch_id']
            = to_jsonb(old) - array['class_id', 'retry_of', 'batch_id'] then
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

-- The order of locks: the ledger's rollup, then the batch, then jobs that wait, or of these only what nobody has
-- locked. A worker's last word on a job takes the job's own lock first, so whoever has the batch never waits for that.
create function private.end_batch_if_over(p_batch uuid) returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform from public.photo_batches as b where b.id = p_batch for no key update;
    -- A statement of its own, so that it sees what others committed while it waited for the lock.
    if not exists (
        select from public.photo_jobs as j
        where j.batch_id = p_batch and j.state in ('queued', 'reserved', 'calling', 'received')
    ) then
        update public.photo_batches as b
        set state = case when b.state = 'cancelled' then 'cancelled' else 'finished' end,
            finished_at = clock_timestamp(), pause_reason = null, message = null
        where b.id = p_batch and b.finished_at is null;
    end if;
end
$$;
grant execute on function private.end_batch_if_over(uuid) to service_role;

create function private.finish_batch() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    perform private.end_batch_if_over(new.batch_id);
    return null;
end
$$;
comment on function private.finish_batch() is 'The last of a batch''s jobs ends the batch.';
create trigger finish_batch after update of state on public.photo_jobs
for each row
when (
    new.batch_id is not null and old.state is distinct from new.state
    and new.state in ('done', 'failed', 'unconfirmed', 'cancelled')
)
execute function private.finish_batch();

create function private.note_pause() returns trigger
language plpgsql set search_path = ''
as $$
begin
    new.paused_at := clock_timestamp();
    return new;
end
$$;
create trigger note_pause before update of state on public.photo_batches
for each row
when (new.state = 'paused' and old.state <> 'paused')
execute function private.note_pause();

alter table public.photo_batches enable row level security;
revoke all on public.photo_batches from public, anon, authenticated, service_role;
grant select on public.photo_batches to authenticated;
grant select, insert, update, delete on public.photo_batches to service_role;
create policy "teachers read their classes' batches, admins the school's" on public.photo_batches
for select to authenticated
using (
    class_id in (select private.my_class_ids())
    or (school_id = (select private.my_school_id()) and (select private.is_admin()))
);

-- Who left the class stays in what the class's photos cost, and in who got one; their names don't.
create function private.my_batch_ids() returns setof uuid
language sql stable security definer set search_path = ''
as $$
    select b.id from public.photo_batches as b where b.class_id in (select private.my_class_ids())
$$;
grant execute on function private.my_batch_ids() to authenticated;
create policy "teachers read the portrait jobs of their classes' batches" on public.photo_jobs
for select to authenticated
using (batch_id in (select private.my_batch_ids()));

-- Each next slot opens when the gap to the one before is over and the window has room; so the limiter will decide, too.
create function private.slots_open_at(p_school uuid, p_staff uuid, p_type text, p_many integer)
returns timestamptz[]
language plpgsql volatile security definer set search_path = ''
as $$
declare
    l public.limits := private.limit_for(p_school, p_staff, p_type);
    span interval := make_interval(secs => l.per_seconds::double precision);
    gap interval := make_interval(secs => l.min_gap_seconds::double precision);
    at_now timestamptz := clock_timestamp();
    starts timestamptz[];
    used integer;
    opens timestamptz;
begin
    select coalesce(array_agg(r.created_at order by r.created_at), '{}') into starts
    from public.rate_limits as r
    where coalesce(r.user_id, r.school_id) = coalesce(p_staff, p_school) and r.type = p_type
        and r.created_at > at_now - span;
    used := cardinality(starts);
    for taken in used .. used + p_many - 1 loop
        opens := at_now;
        if taken > 0 then
            opens := greatest(opens, starts[taken] + gap);
        end if;
        if taken >= l.at_most then
            opens := greatest(opens, starts[taken - l.at_most + 1] + span);
        end if;
        starts := starts || opens;
    end loop;
    return starts[used + 1 :];
end
$$;
comment on function private.slots_open_at(uuid, uuid, text, integer) is
'A forecast of the next slots, in order; only take_slot_for decides.';
grant execute on function private.slots_open_at(uuid, uuid, text, integer) to service_role;

-- The wishes for classes wait in a queue of their own, so that however many there are, no single portrait stands
-- behind them. Within it whoever is due first goes first: one class's backlog does not hold up another's.
create function private.defer_portrait(p_job uuid, p_starts_at timestamptz) returns bigint
language sql volatile security definer set search_path = procrastinate, pg_temp
as $$
    select (
        procrastinate.procrastinate_defer_jobs_v1(array[
            row(
                case when j.type = 'batch_image' then 'class_photos' else 'photos' end, 'make_portrait',
                case
                    when j.type <> 'batch_image' then 10
                    else -extract(
                        epoch from coalesce(p_starts_at, clock_timestamp()) - timestamptz '2026-01-01 00:00Z'
                    )::integer
                end,
                null, null, jsonb_build_object('job_id', j.id), p_starts_at
            )::procrastinate.procrastinate_job_to_defer_v1
        ])
    )[1]
    from public.photo_jobs as j
    where j.id = p_job
$$;
comment on function private.defer_portrait(uuid, timestamptz) is
'Puts a portrait''s job into its queue within the caller''s transaction; called by our own functions and the worker.';
grant execute on function private.defer_portrait(uuid, timestamptz) to service_role;

create view public.photo_batch_students with (security_invoker = true) as
select distinct on (j.batch_id, j.student_id)
    j.batch_id,
    j.student_id,
    j.school_id,
    j.class_id,
    j.id as job_id,
    j.place,
    j.state,
    j.not_before,
    j.called_at,
    j.received_at,
    j.finished_at,
    j.error_code,
    j.message,
    j.created_at,
    coalesce(sum(j.cost_usd) over of_student, 0) as spent_usd,
    coalesce(sum(j.cost_usd) filter (where j.cost_source = 'possible') over of_student, 0) as possible_usd,
    count(*) filter (where j.cost_source = 'unpriced') over of_student as unpriced,
    j.decided_at is not null as is_decided,
    not exists (
        select from public.photo_jobs as later
        where later.student_id = j.student_id and later.created_at > j.created_at
    ) as is_newest
from public.photo_jobs as j
where j.batch_id is not null
window of_student as (partition by j.batch_id, j.student_id)
order by j.batch_id asc, j.student_id asc, j.created_at desc;
comment on view public.photo_batch_students is
'A student of a batch, as the newest of the batch''s jobs for them says; what they cost is of all the batch''s jobs for
them together, and is_newest means of all their jobs anywhere.';

create view public.photo_batch_sums with (security_invoker = true) as
select
    j.batch_id,
    j.school_id,
    coalesce(sum(j.cost_usd), 0) as cost_usd,
    coalesce(sum(j.cost_usd) filter (where j.cost_source = 'possible'), 0) as possible_usd,
    coalesce(sum(j.held_usd) filter (where j.state in ('reserved', 'calling', 'received')), 0) as held_usd,
    count(*) filter (where j.cost_source = 'unpriced') as unpriced
from public.photo_jobs as j
where j.batch_id is not null
group by j.batch_id, j.school_id;
comment on view public.photo_batch_sums is
'What a batch cost, all its tries together; what is not priced adds nothing and is counted.';

revoke all on public.photo_batch_students, public.photo_batch_sums from public, anon, authenticated, service_role;
grant select on public.photo_batch_students, public.photo_batch_sums to authenticated, service_role;
