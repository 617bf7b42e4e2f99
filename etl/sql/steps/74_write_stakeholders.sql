-- How many actions did each stakeholder promise, and under which spellings?
-- Grain: one row a stakeholder.
insert into snapshot.stakeholders
with counted as (
    select stakeholder_id, count(*) as actions from snapshot.actions group by stakeholder_id
)

select d.stakeholder_id, d.name, d.spellings, c.actions
from stakeholder_display as d
inner join counted as c on d.stakeholder_id = c.stakeholder_id
order by d.stakeholder_id;
