-- Which reports count, repetitions left out? A report has the number of its row, the registers' after the surveys'.
-- Grain: one row a report.
-- Nothing without: report_rows.
create view kept_reports as
with surveys as (select coalesce(max(row_no), 0) as survey_rows from staged_progress_reports)

select
    (r.row_no + if(r.kind = 'actions', n.survey_rows, 0))::integer as report_no,
    r.*
from report_rows as r
cross join surveys as n
anti join report_repeats as p on r.kind = p.kind and r.row_no = p.row_no;
