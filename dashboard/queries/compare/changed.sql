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
        unnest(list_zip(
            map_entries(c.before_facts::map (varchar, varchar)), map_entries(c.after_facts::map (varchar, varchar))
        )) as entry
    from changed as c
)

select
    action_id,
    title,
    entry[1].key as field,
    entry[1].value as before,
    entry[2].value as after,
    count(distinct action_id) over () as actions_in_all,
    count(*) filter (where entry[1].key = 'status') over () as statuses_in_all
from fields
where entry[1].value is distinct from entry[2].value
order by field <> 'status', action_id, field
limit $most
