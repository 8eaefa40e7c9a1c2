-- Whoever only opens a public demo, again and again, pushes out nobody who does something in theirs.

create or replace function private.end_old_demo_visits() returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
    bounds record;
    ended integer;
begin
    select b.* into bounds from private.demo_visit_bounds() as b;
    -- First who came just now and had no time yet, then who came back to theirs within the hour. Being seen is noted
    -- once in 20 seconds.
    with ranked as (
        select
            v.school_id, v.created_at, row_number() over (
                order by
                    v.created_at > clock_timestamp() - interval '1 minute' desc,
                    v.seen_at > greatest(
                        v.created_at + interval '20 seconds', clock_timestamp() - interval '1 hour'
                    ) desc,
                    v.seen_at desc, v.created_at desc
            ) as place
        from public.demo_visits as v
        where v.ended_at is null
    )
    update public.demo_visits as v set ended_at = clock_timestamp()
    from ranked as r
    where v.school_id = r.school_id
        and (r.place > bounds.at_most or r.created_at < clock_timestamp() - bounds.lives);
    get diagnostics ended = row_count;
    return ended;
end
$$;
comment on function private.end_old_demo_visits() is
'Ends visits of a day ago, and beyond the most that may be the longest unseen, those only opened first: how many.';
