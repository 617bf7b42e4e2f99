-- By how much did the numbers of reported and completed actions change on each day?
-- Grain: one row a day.
-- Parameters: as_of.
with spells as (
    select valid_from, valid_to, status, count(*) as reports
    from report_spells
    where valid_from <= $as_of
    group by all
)

select valid_from as on_date, sum(reports) as reported, sum(reports) filter (status = 'completed') as completed
from spells
group by all
union all
select valid_to, -sum(reports), -sum(reports) filter (status = 'completed')
from spells
where valid_to <= $as_of
group by all
