-- Who may ask Supabase Storage for photos itself. Keys are `<school>/<student>/<photo>.webp`, whatever the bucket's
-- name. Files are written and removed by the worker with the secret key, which no policy holds back, so that nobody
-- else needs to. Nobody unknown is named here: a public bucket serves its links without a policy, and with one it would
-- list every photo to everyone.
-- On Supabase these tables are Storage's own: policies may be made there, and nothing else. A Postgres without Storage
-- needs none.
do $$
begin
    if to_regclass('storage.objects') is null then
        return;
    end if;

    execute $policy$
        create policy "people read the photo files of students whom they may see" on storage.objects
        for select to authenticated
        using (
            (storage.foldername(name))[1] = (select cast(private.my_school_id() as text))
            and (
                (storage.foldername(name))[2] in (select cast(s.id as text) from private.my_student_ids() as s (id))
                or (select private.is_admin())
            )
        )
    $policy$;
end
$$;
