-- severity: note
-- Which actions of one stakeholder are in different stakeholder groups? Expected is the group of most of them.
-- Grain: one row an action in a group that most actions of its stakeholder are not in.
with counted as (
    select stakeholder_id, stakeholder_group, count(*) as actions
    from snapshot.actions
    where stakeholder_id is not null and stakeholder_group is not null
    group by stakeholder_id, stakeholder_group
),

usual as (
    select stakeholder_id, arg_max(stakeholder_group, (actions, stakeholder_group)) as stakeholder_group
    from counted
    group by stakeholder_id
    having count(*) > 1
)

select a.action_no, 'stakeholder_group' as field, a.stakeholder_group as value, u.stakeholder_group as expected
from snapshot.actions as a
inner join usual as u on a.stakeholder_id = u.stakeholder_id and a.stakeholder_group <> u.stakeholder_group
