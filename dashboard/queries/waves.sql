-- From which day to which were the reports of each wave of the survey given, whatever the selection?
-- Grain: one row a wave that had begun by the day, the earliest first; reports that name no wave aside.
-- Parameters: as_of.
select
    wave,
    min(reported_on) as first_on,
    max(reported_on) as last_on
from progress_reports
where wave is not null and reported_on <= $as_of
group by wave
order by first_on, wave
