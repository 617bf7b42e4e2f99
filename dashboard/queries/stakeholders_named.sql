-- What are the names of these stakeholders?
-- Grain: one row a stakeholder; `names` by language, for unnamed persons.
-- Parameters: ids (in small letters).
select
    s.stakeholder_id as code,
    s.name,
    p.names
from stakeholders as s
left join person_names as p on s.name = p.name
where list_contains($ids::varchar[], lower(s.stakeholder_id))
order by s.stakeholder_id
