-- What are the six headline numbers of the baseline page?
-- Grain: one row.
-- Parameters: as_of; regions, null for all.
select
    count(*) as actions,
    count(s.report_no) as reported,
    count(*) filter (where s.status = 'completed') as completed,
    count(*) filter (where s.status = 'in_progress') as in_progress,
    count(*) filter (where s.status = 'discontinued') as discontinued,
    count(*) filter (where s.report_no is null) as not_reported
from actions as a
left join report_spells as s on a.action_no = s.action_no and s.valid_from <= $as_of and $as_of < s.valid_to
where $regions::varchar[] is null or a.action_no in (
    select r.action_no from action_regions as r where list_contains($regions::varchar[], r.region)
)
