-- severity: warning
-- Which reports say completed and give a percentage below 100?
-- Grain: one row a report.
select
    r.action_id,
    r.source_file,
    r.source_sheet as sheet,
    r.source_row,
    'percent' as field,
    r.percent::varchar as value,
    '100' as expected
from snapshot.progress_reports as r
where r.status = 'completed' and r.percent < 100
