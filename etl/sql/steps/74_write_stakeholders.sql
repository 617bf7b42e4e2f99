-- Who promised how many actions, and under which spellings?
-- Grain: one row a stakeholder.
insert into snapshot.stakeholders
select d.stakeholder_id, d.name, d.spellings, count(*)
from stakeholder_display as d
inner join snapshot.actions as a on d.stakeholder_id = a.stakeholder_id
group by all
order by 1;
