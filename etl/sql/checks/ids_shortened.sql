-- severity: question
-- In which columns of ids has a spreadsheet shortened long numbers to 1.23E+11, so that different ids look alike?
-- Grain: one row a column.
with ids as (
    select sheet_no, 'submission_id' as field, submission_ref as id, source_row
    from staged_actions
    where contains(submission_ref, 'E+')
    union all
    select sheet_no, 'submission_id', submission_id, source_row
    from staged_classification
    where contains(submission_id, 'E+')
    union all
    select sheet_no, 'submission_id', submission_id, source_row
    from staged_progress_reports
    where contains(submission_id, 'E+')
    union all
    select sheet_no, 'report_id', report_id, source_row
    from staged_progress_reports
    where contains(report_id, 'E+')
    union all
    select sheet_no, 'report_id', report_id, source_row
    from staged_milestones
    where contains(report_id, 'E+')
),

shortened as (
    select sheet_no, field, count(*) as cells, arg_min(id, source_row) as example, min(source_row) as first_row
    from ids
    where regexp_full_match(id, '\d([.,]\d+)?E\+\d+')
    group by sheet_no, field
)

select
    concat(
        column_place(s.file_name, s.sheet_name, null, i.field), ': ', i.cells,
        if(i.cells = 1, ' id is', ' ids are'), ' shortened to numbers such as ', i.example, ' (row ', i.first_row,
        '), so that different ones look alike.'
    ) as what,
    'Take the file as the tool wrote it; a spreadsheet must show the column as whole numbers before it saves text.'
        as remedy
from shortened as i
inner join sheets as s on i.sheet_no = s.sheet_no
order by i.sheet_no, i.field
