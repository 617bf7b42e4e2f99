-- What is asked about the cells of a column that may be read in two ways, or not at all?

-- query: choices
-- severity: question
-- In which questions with a column a choice can nothing tell whether a word means that the choice was taken?
-- Grain: one row a question.
-- Nothing without: choice_columns.
select
    sheet_no,
    field,
    header,
    question as variant,
    map { 'ones': ones::varchar, 'twos': twos::varchar, 'word': example } as facts,
    [show_row(place, example)] as evidence,
    [candidate('taken', []), candidate('not_taken', [])] as candidates
from choice_columns
where question is not null;

-- query: date_order
-- severity: question
-- Does the day or the month come first, in columns with dates that can be read either way?
-- Grain: one row a column, also where it is known; of one that says both, the rows are one of each kind.
-- Nothing without: date_pairs.
with placed as (
    select
        p.sheet_no,
        p.field,
        p.words,
        p.first_row,
        p.proves,
        o.question,
        row_number() over (partition by p.sheet_no, p.field, p.proves order by p.first_row) as nth
    from date_pairs as p
    inner join date_orders as o on p.sheet_no = o.sheet_no and p.field = o.field
    where o.ambiguous > 0 or o.question = 'contradiction'
),

doubtful as (
    select sheet_no, field, list(show_row(first_row, words) order by first_row)[:3] as evidence
    from placed
    where if(question = 'contradiction', nth = 1 and proves <> 'same', proves = 'either')
    group by sheet_no, field
)

select
    o.sheet_no,
    o.field,
    o.header,
    coalesce(o.question, 'read') as variant,
    if(o.question is null, o.date_order, null) as answer,
    o.decided_by,
    map {
        'n': if(o.question = 'contradiction', o.day_first, o.ambiguous)::varchar, 'other': o.month_first::varchar
    } as facts,
    d.evidence,
    [
        candidate('dmy', list_transform(d.evidence, lambda e: day_of_leading_pair(e['words'], 'dmy')::varchar)),
        candidate('mdy', list_transform(d.evidence, lambda e: day_of_leading_pair(e['words'], 'mdy')::varchar))
    ] as candidates
from date_orders as o
inner join doubtful as d on o.sheet_no = d.sheet_no and o.field = d.field
where o.question is distinct from 'converted';

-- query: dates_converted
-- severity: question
-- In which columns has a spreadsheet turned day and month of the dates that it could read?
-- Grain: one row a column.
-- Nothing without: date_pairs.
select
    o.sheet_no,
    o.field,
    o.header,
    'converted' as variant,
    map { 'dates': b.row_count::varchar } as facts,
    b.places as evidence,
    [
        candidate('right', list_transform(b.places, lambda e: e['words'])),
        candidate('turned', list_transform(b.places, lambda e: turn_day(e['words']::date)::varchar))
    ] as candidates
from date_orders as o
inner join dates_beside as b on o.sheet_no = b.sheet_no and o.field = b.field
where o.question = 'converted';

-- query: decimal_mark
-- severity: question
-- In which columns of numbers can a mark separate thousands or begin the decimals?
-- Grain: one row a column, also where it is known.
-- Nothing without: number_columns.
with doubtful as (
    select
        sheet_no,
        field,
        count(*) as cells,
        list(show_row(source_row, words) order by source_row)[:3] as evidence
    from number_cells
    where mark = 'either' and not is_cell_number
    group by sheet_no, field
)

select
    p.sheet_no,
    p.field,
    p.header,
    coalesce(p.mark_question, 'read') as variant,
    case when p.mark_question is null then if(p.mark = ',', 'comma', 'point') end as answer,
    p.mark_decided_by as decided_by,
    map { 'n': d.cells::varchar } as facts,
    d.evidence,
    [
        candidate('comma', list_transform(d.evidence, lambda e: show_number(read_number_of(e['words'], ',')))),
        candidate('point', list_transform(d.evidence, lambda e: show_number(read_number_of(e['words'], '.'))))
    ] as candidates
from number_columns as p
inner join doubtful as d on p.sheet_no = d.sheet_no and p.field = d.field;

-- query: error_cells
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
group by sheet_no, field;

-- query: ids_shortened
-- severity: question
-- In which columns of ids has a spreadsheet shortened long numbers to 1.23E+11, so that different ids look alike?
-- Grain: one row a column.
-- Nothing without: shortened_ids.
select
    sheet_no,
    field,
    'shortened' as variant,
    map { 'n': count(*)::varchar } as facts,
    list(show_row(source_row, id) order by source_row)[:3] as evidence,
    [candidate('right', list(id order by source_row)[:3])] as candidates
from shortened_ids
group by sheet_no, field;

-- query: merged_cells
-- severity: question
-- Does the value of cells that are merged over several rows hold for all of them?
-- Grain: one row a sheet and field.
-- Nothing without: merged_cells.
select
    m.sheet_no,
    m.field,
    any_value(s.headers[m.column_no]) as header,
    'merged' as variant,
    case when bool_or(m.is_stated) then if(bool_or(m.is_filled), 'all', 'first') end as answer,
    if(bool_or(m.is_stated), 'recipe', null) as decided_by,
    map { 'n': count(*)::varchar } as facts,
    list(show_row(m.first_row, '') order by m.first_row)[:3] as evidence,
    [candidate('all', []), candidate('first', [])] as candidates
from merged_cells as m
inner join sheets as s on m.sheet_no = s.sheet_no
where m.first_row < m.last_row
group by m.sheet_no, m.field;

-- query: percent_of
-- severity: question
-- In which columns can 1 be the whole or one percent?
-- Grain: one row a column, also where it is known; the rows are those with numbers between 0 and 1, else those with 1.
-- Nothing without: number_columns.
with doubtful as (
    select
        c.sheet_no,
        c.field,
        count(*) as cells,
        list(show_row(c.source_row, c.words) order by c.source_row)[:3] as evidence
    from number_cells as c
    inner join number_columns as p on c.sheet_no = p.sheet_no and c.field = p.field
    where c.is_percent and not c.is_signed and c.number > 0 and if(p.below_one > 0, c.number < 1, c.number <= 1.2)
    group by c.sheet_no, c.field
)

select
    p.sheet_no,
    p.field,
    p.header,
    coalesce(p.question, 'read') as variant,
    if(p.question is null, p.whole::varchar, null) as answer,
    p.decided_by,
    map { 'n': d.cells::varchar, 'above': p.above::varchar } as facts,
    d.evidence,
    [
        candidate('1', list_transform(d.evidence, lambda e: show_number(100 * read_number(e['words'])))),
        candidate('100', list_transform(d.evidence, lambda e: show_number(read_number(e['words']))))
    ] as candidates
from number_columns as p
inner join doubtful as d on p.sheet_no = d.sheet_no and p.field = d.field;

-- query: repeats_blank
-- severity: question
-- In which columns of codes, or of answers, do blank cells seem to mean what stands above them?
-- Grain: one row a column.
-- Nothing without: blank_repeats.
select
    b.sheet_no,
    b.field,
    s.headers[b.column_no] as header,
    'blank' as variant,
    map { 'values': b.filled::varchar } as facts,
    b.evidence,
    [
        candidate('above', list_transform(b.evidence, lambda e: b.evidence[1]['words'])),
        candidate('blank', list_transform(b.evidence, lambda e: e['words']))
    ] as candidates
from blank_repeats as b
inner join sheets as s on b.sheet_no = s.sheet_no;

-- query: words
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
left join headed as h on d.sheet_no = h.sheet_no and d.field = h.field;
