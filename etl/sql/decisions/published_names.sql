-- Which published stakeholder does a name or an id mean, and which is the nearest where none is meant?
-- Grain: one row a published stakeholder that is meant, else one row with the nearest name.
-- Parameters: asked, the name or id.
with spelled as (
    select stakeholder_id, name, unnest(list_distinct(list_append(spellings, name))) as spelling
    from snapshot.stakeholders
    union all
    select stakeholder_id, name, spelling from private.people
    union all
    select stakeholder_id, name, own_id from private.people
),

ranked as (
    select
        stakeholder_id,
        name,
        case
            when stakeholder_id = $asked then 1
            when spelling = $asked then 2
            when name_key(spelling) = name_key($asked) then 3
            else 4
        end as rank,
        jaro_winkler_similarity(fold(spelling), fold($asked)) as likeness
    from spelled
),

judged as (select *, min(rank) over () as best from ranked)

select stakeholder_id, any_value(name), any_value(best) < 4
from judged
where rank = best
group by stakeholder_id
qualify any_value(best) < 4 or row_number() over (order by max(likeness) desc, stakeholder_id) = 1
order by stakeholder_id
limit 20;
