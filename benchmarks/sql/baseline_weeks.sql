-- How many actions were completed by the end of each week?
-- Grain: one row a week.
-- Parameters: as_of; regions, null for all.
select
    date_trunc('week', s.valid_from) as week,
    sum(count(*)) over (order by date_trunc('week', s.valid_from)) as completed
from report_spells as s
where s.status = 'completed' and s.valid_from <= $as_of
    and ($regions::varchar[] is null or s.action_no in (
        select r.action_no from action_regions as r where list_contains($regions::varchar[], r.region)
    ))
group by week
order by week
