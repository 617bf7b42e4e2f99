-- Which entries do these actions have, of these kinds and these days? Each null lets all pass. Events and stories
-- belong to each action that they are linked to; those without an action appear only where everything is chosen.
-- chosen: the name of the rows of the actions (action_no), of which nothing is read where everything is.
-- first_kind, last_kind: the first and the last of these kinds by `kind_no`, so that blocks of others are not read.
-- posts_until: stories after this day are not there yet. coming: true for events that end on `this_day` or
-- later alone, false for all but those. since, until: days it happened on, both included; known_after, known_until:
-- moments it became known here, the first not included.
-- Grain: one row an entry.
-- Parameters: none.
create or replace macro entries_among(
    chosen, everything, as_of, posts_until, this_day, kinds, first_kind, last_kind, coming, since, until, known_after,
    known_until, only_entry
) as table
with among as not materialized (
    select k.*
    from known_entries as k
    left join events as e on k.kind = 'event' and k.item_id = e.id
    where
        k.valid_to > as_of
        and k.valid_from <= if(k.kind = 'story', coalesce(posts_until, date '9999-12-31'), as_of)
        and k.kind_no between first_kind and last_kind
        and list_contains(kinds, k.kind)
        and (
            coming is null or coming = coalesce(k.kind = 'event' and coalesce(e.ends_on, k.on_date) >= this_day, false)
        )
        and (since is null or k.on_date >= since)
        and (until is null or k.on_date <= until)
        and (known_after is null or k.known_at > known_after)
        and (known_until is null or k.known_at <= known_until)
        and (only_entry is null or k.entry_id = only_entry)
)

-- Apart, so that the database reads the entries of the chosen actions alone.
select * from among
where everything
union all
select e.* from among as e
semi join query_table(chosen) as c on e.action_no = c.action_no
where not everything and e.item_id is null
union all
select * from among
where
    not everything
    and item_id is not null
    and (kind, item_id) in (
        select (p.kind, p.id) from post_actions as p semi join query_table(chosen) as c on p.action_no = c.action_no
    )
