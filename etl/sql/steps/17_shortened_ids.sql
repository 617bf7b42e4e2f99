-- Which ids has a spreadsheet shortened to 1.23E+11, so that different ones look alike?
-- Grain: one row an id.
insert into shortened_ids
with ids as (
    select sheet_no, 'submission_id' as field, if(kind = 'actions', submission_ref, submission_id) as id, source_row
    from staged_rows
    where kind in ('actions', 'classification', 'progress_reports', 'results')
    union all
    select sheet_no, 'report_id', report_id, source_row
    from staged_rows
)

select sheet_no, field, source_row, id
from ids
where
    contains(id, 'E+')
    and regexp_full_match(id, '\d([.,]\d+)?E\+\d+')
    and (sheet_no, field) not in (
        select (sheet_no, field) from staff_answers where kind = 'ids_shortened' and answer = 'right'
    );

-- Nothing without: shortened_ids.
update staged_actions
set submission_id = null, submission_ref = null
where (sheet_no, source_row) in (select (sheet_no, source_row) from shortened_ids where field = 'submission_id');

-- Nothing without: shortened_ids.
update staged_classification
set submission_id = null
where (sheet_no, source_row) in (select (sheet_no, source_row) from shortened_ids where field = 'submission_id');

-- Nothing without: shortened_ids.
update staged_progress_reports
set submission_id = null
where (sheet_no, source_row) in (select (sheet_no, source_row) from shortened_ids where field = 'submission_id');

-- Nothing without: shortened_ids.
update staged_progress_reports
set report_id = null
where (sheet_no, source_row) in (select (sheet_no, source_row) from shortened_ids where field = 'report_id');

-- Nothing without: shortened_ids.
update staged_milestones
set report_id = null
where (sheet_no, source_row) in (select (sheet_no, source_row) from shortened_ids where field = 'report_id');

-- Nothing without: shortened_ids; staged_results.
update staged_results
set submission_id = null
where (sheet_no, source_row) in (select (sheet_no, source_row) from shortened_ids where field = 'submission_id');

-- Nothing without: shortened_ids; staged_results.
update staged_results
set report_id = null
where (sheet_no, source_row) in (select (sheet_no, source_row) from shortened_ids where field = 'report_id');
