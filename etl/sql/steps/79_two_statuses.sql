-- Which rows of one sheet have two statuses for one action and one moment? The lower one is no later word: staff are
-- asked which counts, and until they have answered, or where nobody knows, none of these statuses does. The recipe
-- decides about the targets of one commitment.
-- Grain: one row a row of a report.
-- Nothing without: report_rows.
create table contested_statuses as
with contested as (
    select sheet_no, action_no, round_no, counts_from, submitted_at
    from report_rows
    anti join target_sheets using (sheet_no)
    where action_no is not null and status_code is not null
    group by all
    having count(*) > 1 and min(status_code) <> max(status_code)
)

select
    r.kind,
    r.row_no,
    r.sheet_no,
    r.action_no,
    r.source_row,
    r.status_written,
    r.status_code,
    r.counts_from,
    r.is_day_of_file,
    r.submitted_at,
    row_number() over (partition by c order by r.source_row) as place,
    row_number() over (partition by c order by r.source_row desc) as place_from_below
from contested as c
inner join report_rows as r
    on
        c.sheet_no = r.sheet_no
        and c.action_no = r.action_no
        and c.round_no is not distinct from r.round_no
        and c.counts_from is not distinct from r.counts_from
        and c.submitted_at is not distinct from r.submitted_at
        and r.status_code is not null;

-- Those that do not count; is_settled: because another one does.
-- Nothing without: contested_statuses.
create table lost_statuses as
select c.kind, c.row_no, coalesce(a.answer in ('lower', 'upper'), false) as is_settled
from contested_statuses as c
left join staff_answers as a on c.sheet_no = a.sheet_no and a.kind = 'two_statuses'
where not coalesce((a.answer = 'lower' and c.place_from_below = 1) or (a.answer = 'upper' and c.place = 1), false);

-- Nothing without: lost_statuses.
update report_rows
set status_code = null, percent = null, completed_on = null
from lost_statuses as o
where report_rows.kind = o.kind and report_rows.row_no = o.row_no;

-- A row of a register without progress is no report.
-- Nothing without: lost_statuses where is_settled.
delete from report_rows
where kind = 'actions' and row_no in (select row_no from lost_statuses where kind = 'actions' and is_settled);
