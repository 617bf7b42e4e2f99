-- severity: question
-- In which columns that figures hang on do cells hold an error instead of a value?
-- Such as #N/A and #REF! of formulas that find nothing, ##### where a text file was saved from a column too narrow.
-- A workbook's errors are read as nothing (`error_cells`); those of a text file match no code and are no date, or are
-- answers to a question.
-- Grain: one row a column.
-- Nothing without: (select 1 from error_cells union all select 1 from snapshot.unmatched_values where value[1] = '#'
--     union all select 1 from answer_texts where written[1] = '#'
--     union all select 1 from choice_cells where words[1] = '#').
with in_workbooks as (
    select
        e.sheet_no,
        coalesce(u.target, u.header) as field,
        u.header,
        '#N/A' as example,
        e.cells,
        e.first_row
    from error_cells as e
    inner join column_uses as u on e.sheet_no = u.sheet_no and e.column_no = u.column_no
    where
        u.use in ('field', 'question')
        and coalesce(u.target, '') not in ('description', 'impact', 'communication', 'partners', 'url', 'narrative')
),

in_texts as (
    select
        min(s.sheet_no) as sheet_no,
        v.field,
        null::varchar as header,
        any_value(v.value) as example,
        any_value(v.rows) as cells,
        null::bigint as first_row
    from snapshot.unmatched_values as v
    inner join sheets as s on v.source_file = s.source_file and s.recipe is not null
    where v.value[1] = '#' and regexp_full_match(v.value, '#{3,}|#[\p{Lu}\p{Nd}¡¿/]+[!?]?')
    group by v.source_file, v.field, v.value
),

answered as (
    select sheet_no, question, written, row_count
    from answer_texts
    union all
    select sheet_no, field, upper(words), row_count
    from choice_cells
),

in_answers as (
    select
        a.sheet_no,
        a.question as field,
        any_value(q.header) as header,
        any_value(a.written) as example,
        sum(a.row_count) as cells,
        null::bigint as first_row
    from answered as a
    inner join questions_asked as q on a.sheet_no = q.sheet_no and a.question = q.question
    where a.written[1] = '#' and regexp_full_match(a.written, '#{3,}|#NV|#[\p{Lu}\p{Nd}¡¿]*[/!?][\p{Lu}\p{Nd}/!]*')
    group by a.sheet_no, a.question, a.written
),

found as (
    from in_workbooks
    union all
    from in_texts
    union all
    from in_answers
)

select
    sheet_no,
    field,
    any_value(header) as header,
    'error' as variant,
    map { 'n': sum(cells)::varchar, 'words': any_value(example) } as facts,
    list(show_row(first_row, example) order by first_row) filter (first_row is not null)[:3] as evidence,
    [candidate('empty', [])] as candidates
from found
group by sheet_no, field
