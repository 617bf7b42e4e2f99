-- How many actions of each category have each status?
-- Grain: one row a category and status.
-- Parameters: as_of; regions, null for all.
select
    coalesce(a.category, 'unclassified') as category,
    coalesce(s.status, 'not_reported') as status,
    count(*) as actions
from actions as a
left join report_spells as s on a.action_no = s.action_no and s.valid_from <= $as_of and $as_of < s.valid_to
where $regions::varchar[] is null or a.action_no in (
    select r.action_no from action_regions as r where list_contains($regions::varchar[], r.region)
)
group by all
order by category, status
