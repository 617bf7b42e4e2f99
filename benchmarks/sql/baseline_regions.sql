-- How many actions does each region have, and how many are completed?
-- Grain: one row a region.
-- Parameters: as_of; regions, null for all.
select
    r.region,
    count(*) as actions,
    count(*) filter (where s.status = 'completed') / count(*) as completion_rate
from action_regions as r
left join report_spells as s on r.action_no = s.action_no and s.valid_from <= $as_of and $as_of < s.valid_to
where $regions::varchar[] is null or r.action_no in (
    select k.action_no from action_regions as k where list_contains($regions::varchar[], k.region)
)
group by r.region
order by r.region
