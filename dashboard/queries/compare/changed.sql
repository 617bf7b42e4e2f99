-- Which fields of the actions that are in both compared snapshots have another value?
-- Grain: one row an action and field, the first ones; actions_in_all counts the actions, statuses_in_all those whose
-- status changed.
-- Parameters: most.
with
changed as (
    select
        a.action_id,
        a.title,
        a.facts as after_facts,
        b.facts as before_facts
    from after_facts as a
    inner join before_facts as b on a.action_id = b.action_id
    where a.facts is distinct from b.facts
),

fields as (
    select
        c.action_id,
        c.title,
        unnest(map_entries(map(
            struct_keys(c.before_facts),
            list_zip(struct_values(c.before_facts), struct_values(c.after_facts))
        ))) as entry
    from changed as c
)

select
    action_id,
    title,
    entry.key as field,
    entry.value[1] as before,
    entry.value[2] as after,
    count(distinct action_id) over () as actions_in_all,
    count(*) filter (where entry.key = 'status') over () as statuses_in_all
from fields
where entry.value[1] is distinct from entry.value[2]
order by field <> 'status', action_id, field
limit $most
