-- severity: note
-- Which cells hold several codes where a field takes one? The first one counts, the others are not used.
-- Grain: one row a cell of a row.
-- Nothing without: resolved where piece_no > 0.
with several as (
    select sheet_no, field, cell, list(code order by piece_no) as codes
    from resolved
    where
        field in ('stakeholder_group', 'category', 'language', 'status')
        and code is not null
        and code <> 'unclassified'
    group by sheet_no, field, cell
    having count(distinct code) > 1
),

filled as (
    select sheet_no, source_row, 'stakeholder_group' as field, stakeholder_group as cell from staged_actions
    union all
    select sheet_no, source_row, 'category', category from staged_actions
    union all
    select sheet_no, source_row, 'language', language from staged_actions
    union all
    select sheet_no, source_row, 'status', status from staged_actions
    union all
    select sheet_no, source_row, 'stakeholder_group', stakeholder_group from staged_classification
    union all
    select sheet_no, source_row, 'category', category from staged_classification
    union all
    select sheet_no, source_row, 'language', language from staged_classification
    union all
    select sheet_no, source_row, 'status', status from staged_progress_reports
    union all
    select sheet_no, source_row, 'language', language from staged_progress_reports
)

select
    null::varchar as action_id,
    s.source_file,
    s.sheet,
    f.source_row,
    f.field,
    array_to_string(v.codes[2:], ', ') as value,
    v.codes[1] as expected
from filled as f
inner join several as v on f.sheet_no = v.sheet_no and f.field = v.field and f.cell = v.cell
inner join sheets as s on f.sheet_no = s.sheet_no
