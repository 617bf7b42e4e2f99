-- severity: question
-- Which file is read as a register although it says nothing but the classes of submissions that a form holds?
-- The staff's classification is told apart by its file's name; under another name its rows would be submissions, each
-- overruling the one that it classifies.
-- Grain: one row a sheet.
with registers as (
    select sheet_no, file_name, sheet_name
    from sheets
    where
        kind = 'actions'
        and names_actions
        and sheet_no not in (select sheet_no from settled_sheets)
        and sheet_no not in (
            select sheet_no
            from column_uses
            where
                use = 'field'
                and target in (
                    'status', 'percent', 'completed_on', 'reported_on', 'submitted_at', 'description', 'impact',
                    'communication', 'narrative'
                )
        )
),

of_forms as (
    select distinct k.submission_id
    from action_keys as k
    inner join sheets as s on k.sheet_no = s.sheet_no
    where not s.names_actions and k.submission_id is not null
),

counted as (
    select k.sheet_no, count(*) as row_count, count(f.submission_id) as same
    from action_keys as k
    inner join registers as r on k.sheet_no = r.sheet_no
    left join of_forms as f on k.submission_id = f.submission_id
    group by k.sheet_no
)

select
    concat(
        r.file_name, if(r.sheet_name is null, '', ', sheet "' || r.sheet_name || '"'), ': ', c.same, ' of its ',
        c.row_count, ' rows are submissions that a form''s file holds, and it says nothing of them but their classes.'
    ) as what,
    concat(
        'If it is your classification of them, put "classification" into the name of the file.',
        if(
            r.sheet_name is null,
            '',
            ' If it is a register that counts by itself: python -m etl sheet "' || r.file_name || '" "' || r.sheet_name
            || '" --is data.'
        )
    ) as remedy
from counted as c
inner join registers as r on c.sheet_no = r.sheet_no
where c.same >= 2 and c.same * 2 > c.row_count
order by c.sheet_no
