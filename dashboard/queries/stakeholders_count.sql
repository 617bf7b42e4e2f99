-- How many stakeholders have an action in the selection, and how many of its actions name none?
-- Grain: one row.
-- Parameters: selection; words (folded, none with a blank inside: all of them are in the name).
with counted as (
    select
        stakeholder_id,
        count(*) as actions
    from counted_actions($selection)
    group by stakeholder_id
)

select
    count(*) filter (n.stakeholder_id is not null) as stakeholders,
    coalesce(sum(c.actions) filter (c.stakeholder_id is null), 0)::bigint as actions_of_none
from counted as c
left join stakeholder_names() as n
    on c.stakeholder_id = n.stakeholder_id
    and (len($words::varchar[]) = 0 or holds_words($words::varchar[], n.small_names))
