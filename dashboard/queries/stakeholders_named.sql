-- What are the stakeholders of these ids called, in each language?
-- Grain: one row a stakeholder; a person is called by what stands for the name.
-- Parameters: ids (in small letters).
select
    s.stakeholder_id as code,
    coalesce(p.name_en, s.name) as label_en,
    coalesce(p.name_fr, s.name) as label_fr,
    coalesce(p.name_es, s.name) as label_es
from stakeholders as s
left join person_names as p on s.name = p.name
where list_contains($ids::varchar[], lower(s.stakeholder_id))
order by s.stakeholder_id
