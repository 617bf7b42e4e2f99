-- Which sheets hold reports that say the same, have no id and name no known action?
-- Grain: one row a sheet.
select distinct sheet_no
from (
    select sheet_no
    from report_rows
    where kind = 'progress_reports' and action_no is null and answers is not null
    group by sheet_no, answers, subject, coalesce(round_no, 0)
    having count(*) > 1
) as alike
order by sheet_no
