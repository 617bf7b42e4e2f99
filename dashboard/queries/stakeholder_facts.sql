-- What is the name of one stakeholder, which spellings did it submit under, and which groups do its actions have?
-- Grain: one row, none where there is no such stakeholder.
-- Parameters: stakeholder_id.
select
    n.stakeholder_id,
    n.name,
    n.names,
    s.spellings,
    n.is_person,
    (
        select list_sort(list(distinct coalesce(a.stakeholder_group, 'unclassified')))
        from actions as a
        where a.stakeholder_id = n.stakeholder_id
    ) as groups
from stakeholder_names() as n
inner join stakeholders as s on n.stakeholder_id = s.stakeholder_id
where n.stakeholder_id = $stakeholder_id
