-- Which 500 actions were submitted last?
-- Grain: one row an action.
-- Parameters: as_of; regions, null for all.
select a.action_id, a.title, a.stakeholder, a.stakeholder_group, a.category, a.submitted_on, a.due_on, s.status
from actions as a
left join report_spells as s on a.action_no = s.action_no and s.valid_from <= $as_of and $as_of < s.valid_to
where $regions::varchar[] is null or a.action_no in (
    select r.action_no from action_regions as r where list_contains($regions::varchar[], r.region)
)
order by a.submitted_on desc, a.action_no
limit 500
