-- The few functions that run before anyone is known; each reveals what its name says and nothing else.

create function private.demo_person(p_email text)
returns table (staff_id uuid, school_id uuid, full_name text, role text, school_name text, time_zone text)
language sql stable security definer set search_path = ''
as $$
    select st.id, st.school_id, st.full_name, st.role, sc.name, sc.time_zone
    from public.staff as st
    inner join public.schools as sc on st.school_id = sc.id
    where sc.kind = 'demo' and st.active and lower(st.email) = lower(p_email)
    order by sc.created_at
    limit 1
$$;
comment on function private.demo_person(text) is 'A made-up person of the demo school.';

create function private.photo_files(p_photo uuid)
returns table (storage_key text, thumb_key text)
language sql stable security definer set search_path = ''
as $$
    select p.storage_key, p.thumb_key from public.photos as p where p.id = p_photo and p.removed_at is null
$$;
comment on function private.photo_files(uuid) is 'Where a photo is stored, for whoever holds its unguessable id.';

grant execute on function private.demo_person(text), private.photo_files(uuid) to authenticated;
