-- How many actions are there, how far are they, and from which files is that known?
-- Grain: one row a status and files.
-- Parameters: none.
select
    status_no,
    is_overdue,
    is_on_time,
    source_file,
    report_file,
    count(*) as actions
from last_day
group by all
