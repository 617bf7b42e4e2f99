-- severity: question
-- In which columns of statuses, countries or categories are most of three and more filled cells not understood?
-- Errors of formulas are asked about by `error_cells`.
-- Grain: one row a column; the rows are the first ones of its most frequent words.
-- Nothing without: missed_words where field in ('status', 'countries', 'category').
with cells as (
    select
        sheet_no,
        field,
        cell,
        count(*) as row_count
    from row_cells
    where
        field in ('status', 'countries', 'category')
        and cell is not null
        and not regexp_full_match(cell, '#{3,}|#[\p{Lu}\p{Nd}¡¿/]+[!?]?')
    group by sheet_no, field, cell
),

understood as (
    select
        sheet_no,
        field,
        cell,
        bool_or(code is not null) as is_understood
    from resolved
    where field in ('status', 'countries', 'category')
    group by sheet_no, field, cell
),

doubtful as (
    select
        c.sheet_no,
        c.field,
        sum(c.row_count) as filled,
        sum(c.row_count) filter (where not u.is_understood) as missed
    from cells as c
    inner join understood as u on c.sheet_no = u.sheet_no and c.field = u.field and c.cell = u.cell
    group by c.sheet_no, c.field
    having filled >= 3 and 2 * missed > filled
),

words as (
    select
        m.sheet_no,
        m.field,
        left(arg_min(m.piece, m.row_no), 60) as word,
        count(*) as row_count,
        min(m.source_row) as first_row
    from missed_words as m
    inner join doubtful as d on m.sheet_no = d.sheet_no and m.field = d.field
    group by m.sheet_no, m.field, m.word_key
),

listed as (
    select
        sheet_no,
        field,
        count(*) as words_in_all,
        list(word order by row_count desc, word)[:3] as first_words,
        list(show_row(first_row, word) order by row_count desc, word)[:3] as evidence
    from words
    group by sheet_no, field
),

headed as (
    select
        sheet_no,
        target as field,
        min_by(shown, column_no) as header
    from column_uses
    where use = 'field'
    group by sheet_no, target
)

select
    d.sheet_no,
    d.field,
    h.header,
    'unknown' as variant,
    map {
        'n': d.missed::varchar,
        'filled': d.filled::varchar,
        'number': l.words_in_all::varchar,
        'words': array_to_string(l.first_words, ', ')
    } as facts,
    l.evidence,
    [] as candidates
from doubtful as d
inner join listed as l on d.sheet_no = l.sheet_no and d.field = l.field
left join headed as h on d.sheet_no = h.sheet_no and d.field = h.field
