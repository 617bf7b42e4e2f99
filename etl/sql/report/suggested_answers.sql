-- What is suggested for some fields of the published actions, the likeliest first?
-- Grain: one row an action and field.
select
    s.action_id,
    s.field,
    list(s.code order by s.score desc, s.code) as codes
from snapshot.suggested_classes as s
where list_contains($fields::varchar[], s.field)
group by s.action_id, s.field
order by s.action_id, s.field
