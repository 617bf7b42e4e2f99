-- The progress of actions by a day of completion and by percents, where no column states it and staff chose these.
-- Nothing without: staff_answers where kind = 'no_status' and answer = 'completed'.
update report_rows as r
set status_code = case
        when r.completed_on <= coalesce(r.counts_from, r.completed_on) or r.percent >= 100 then 'completed'
        when r.percent > 0 then 'in_progress'
        when r.percent = 0 then 'not_started'
    end
from staff_answers as a
where
    a.kind = 'no_status'
    and a.answer = 'completed'
    and r.sheet_no = a.sheet_no
    and r.status_written is null;
