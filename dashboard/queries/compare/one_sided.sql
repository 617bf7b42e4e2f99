-- Which actions are in only one of two compared snapshots?
-- Grain: one row an action, the first ones of each side; actions_in_all counts the side's.
-- Parameters: most.
with
sided as (
    select
        coalesce(a.action_id, b.action_id) as action_id,
        coalesce(a.title, b.title) as title,
        coalesce(a.stakeholder, b.stakeholder) as stakeholder,
        b.action_id is null as is_added
    from after_facts as a
    full join before_facts as b on a.action_id = b.action_id
    where a.action_id is null or b.action_id is null
)

select
    *,
    count(*) over (partition by is_added) as actions_in_all
from sided
qualify row_number() over (partition by is_added order by action_id) <= $most
order by is_added desc, action_id
