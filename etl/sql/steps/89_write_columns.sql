-- What is the use of every column, and what may the open ones be?
--
-- An open column looks like a field whose codes it holds: at least half of its cells (in the first rows of the sheet)
-- are spellings of the field's list, whole or piece by piece. Where no cells tell, the words of its header do, if the
-- sheet has no other column for that field and the cells are few and short, as codes, dates and percentages are; words
-- that other columns may have as well (*result*, *bilan*) count in a short header over few answers that return. A
-- column that the recipe reads as a field looks like another one if the sheet has no column for that (or one whose
-- cells are not understood either), and its cells are understood as that but not as what it is read as (statuses under
-- *% done*). Only the fields that figures are counted by are looked for so; a column looks like any field or question
-- whose header its own nearly is.
-- First the fields that are looked for, by the kind of a sheet, and the pieces of values that may be several.
-- Grain: one row a sheet and field.
create view sheet_fields as
select
    s.sheet_no,
    k.field,
    k.list
from sheets as s
inner join kind_fields as k on s.kind = k.kind;

-- Grain: one row a column, value and piece.
-- Nothing without: open_values where length(value) <= 300 and regexp_matches(value, '[\x3B|,\n\x1f]').
create table value_pieces as
select sheet_no, column_no, value, row_count, len(pieces) as piece_count, unnest(pieces) as piece
from (
    select
        *,
        list_filter(
            list_distinct(string_split_regex(value, '[;|,\n\x1f]')), lambda piece: trim(piece) <> ''
        ) as pieces
    from open_values
    where length(value) <= 300 and regexp_matches(value, '[;|,\n\x1f]')
) as listed_pieces;

-- Which part of a column's cells does the list of each field understand?
-- Grain: one row a column and field.
-- Nothing without: open_values.
create table understood_columns as
with listed as (
    select *
    from sheet_fields
    where field in ('status', 'countries', 'themes', 'category', 'stakeholder_group')
),

texts as (
    select *
    from open_values
    where length(value) <= 300
),

words as (
    select value as word from texts
    union
    select piece from value_pieces
),

-- The meaning of each text: folded once, and numbers without letters not at all.
understood as (
    select w.word, s.list
    from words as w
    inner join spellings as s on if(regexp_full_match(w.word, '[0-9]+'), w.word, fold(w.word)) = s.folded
),

meant as (
    select
        t.sheet_no,
        t.column_no,
        u.list,
        t.value,
        t.row_count
    from texts as t
    inner join understood as u on t.value = u.word
    union
    select
        p.sheet_no,
        p.column_no,
        u.list,
        p.value,
        p.row_count
    from value_pieces as p
    inner join understood as u on p.piece = u.word
    group by p.sheet_no, p.column_no, u.list, p.value, p.row_count
    having count(*) >= any_value(p.piece_count)
),

filled as (
    select sheet_no, column_no, sum(row_count) as row_count from open_values group by sheet_no, column_no
)

select
    m.sheet_no,
    m.column_no,
    l.field,
    sum(m.row_count) / any_value(f.row_count) as understood
from meant as m
inner join listed as l on m.sheet_no = l.sheet_no and m.list = l.list
inner join filled as f on m.sheet_no = f.sheet_no and m.column_no = f.column_no
group by m.sheet_no, m.column_no, l.field;

-- The values of each column, and whether its recipe reads it as one field and only another one understands it.
-- Grain: one row a column.
-- Nothing without: open_values.
create table filled_columns as
with filled as (
    select
        sheet_no,
        column_no,
        avg(length(value)) <= 40 as is_short,
        count(*) <= 25 as is_few,
        count(*) <= 8 and sum(row_count) >= 2 * count(*) as is_repeated,
        sum(row_count) filter (where regexp_full_match(value, '[\d.,\s%-]+')) / sum(row_count) as numbers
    from open_values
    group by sheet_no, column_no
)

select
    n.*,
    c.use = 'field'
    and c.decided_by = 'recipe'
    and coalesce(case when c.target = 'percent' then n.numbers else o.understood end, 0) < 0.5 as is_misread
from filled as n
left join column_uses as c on n.sheet_no = c.sheet_no and n.column_no = c.column_no
left join understood_columns as o  -- countries and regions are looked up in one list
    on n.sheet_no = o.sheet_no and n.column_no = o.column_no
    and if(c.target = 'regions', 'countries', c.target) = o.field;

-- Headers are folded once: a sheet may have thousands of columns.
-- Grain: one row a column.
-- Nothing without: (select 1 from column_uses where use = 'open' or near is not null
--     union all select 1 from filled_columns where is_misread).
create table column_looks as
with headers as materialized (
    select sheet_no, column_no, use, length(header) as letters, fold(header) as folded
    from column_uses
    where header is not null and use in ('open', 'field')
),

-- The fields that the words of a header name.
spoken as (
    select
        sheet_no,
        column_no,
        unnest([
            case when regexp_matches(folded, '\b(status|statut|estado|etat d avancement)\b') then 'status' end,
            case when regexp_matches(folded, '\b(percent\w*|pourcentage|porcentaje)\b') then 'percent' end,
            case when regexp_matches(folded, '\b(countr\w+|pays|pais|paises)\b') then 'countries' end,
            case when regexp_matches(folded, '\bregion(s|es)?\b') then 'regions' end,
            case when regexp_matches(folded, '\b(themes?|topics?|temas?|thematiques?)\b') then 'themes' end,
            case when regexp_matches(folded, '\b(categor\w+)\b') then 'category' end,
            case
                when regexp_matches(
                    folded, '\b(stakeholder (group|type)|type of stakeholder|groupe de parties prenantes)\b'
                ) then 'stakeholder_group'
            end,
            case when regexp_matches(folded, '\b(due|deadline|echeance|plazo)\b') then 'due_on' end,
            case
                when regexp_matches(
                    folded,
                    '\b(completed on|completion date|date of completion|date d achevement|finalizacion)\b'
                ) then 'completed_on'
            end
        ]) as field
    from headers
    where use = 'open'
),

-- The headers with words for a status where a column holds few answers again and again.
spoken_of_status as (
    select sheet_no, column_no, use
    from headers
    where
        letters <= 60
        and regexp_matches(
            folded,
            '\b(stat|state|stage|situation|progress|results?|outcomes?|done|achieved|delivered|fulfilled|finished'
            || '|implemented|completed?|etat|suivi|bilan|avancee?s?|avancement|resultats?|realisee?s?|acheve(e|es|s)?'
            || '|atteinte?s?|execution|situacion|seguimiento|avances?|resultados?|cumpl\w+|ejecucion|etapa|balance'
            || '|lograd[oa]s?|realizad[oa]s?|terminad[oa]s?|(ou en est|como va)\w*)\b'
        )
),

-- Fields that a sheet has no column for.
missing as (
    from sheet_fields as f
    where
        not exists (
            select 1
            from column_uses as u
            where f.sheet_no = u.sheet_no and u.use = 'field' and u.target = f.field
        )
),

misread as (
    select sheet_no, column_no from filled_columns where is_misread
),

-- Those, and fields that are read from such columns alone: two headers may have been taken for one another.
vacant as (
    from missing
    union
    select f.*
    from sheet_fields as f
    inner join column_uses as u on f.sheet_no = u.sheet_no and u.use = 'field' and f.field = u.target
    left join misread as m on u.sheet_no = m.sheet_no and u.column_no = m.column_no
    group by all
    having count(*) = count(m.column_no)
),

by_header as (
    select
        h.sheet_no,
        h.column_no,
        f.field,
        0 as understood
    from spoken as h
    inner join missing as f on h.sheet_no = f.sheet_no and h.field = f.field
    inner join filled_columns as n on h.sheet_no = n.sheet_no and h.column_no = n.column_no
    where
        n.is_short
        and case
            when f.field in ('percent', 'due_on', 'completed_on') then true else n.is_few and coalesce(n.numbers, 0) < 1
        end
    union
    select
        h.sheet_no,
        h.column_no,
        f.field,
        0 as understood
    from spoken_of_status as h
    inner join missing as f on h.sheet_no = f.sheet_no and f.field = 'status'
    inner join filled_columns as n on h.sheet_no = n.sheet_no and h.column_no = n.column_no
    left join misread as m on h.sheet_no = m.sheet_no and h.column_no = m.column_no
    where
        (h.use = 'open' or m.column_no is not null)
        and n.is_short
        and n.is_repeated
        and coalesce(n.numbers, 0) < 1
),

looks as (
    select v.*
    from understood_columns as v
    inner join column_uses as c on v.sheet_no = c.sheet_no and v.column_no = c.column_no
    where c.use = 'open' and v.understood >= 0.5
    union all
    select v.*
    from understood_columns as v
    inner join misread as c on v.sheet_no = c.sheet_no and v.column_no = c.column_no
    inner join vacant as f on v.sheet_no = f.sheet_no and v.field = f.field
    where v.understood >= 0.5
    union all
    from by_header
    union all
    select
        sheet_no,
        column_no,
        near,
        0
    from column_uses
    where near is not null
),

-- The header of a question decides before cells that a field would understand.
told as (
    select
        sheet_no,
        column_no,
        any_value(field) filter (starts_with(field, 'question')) as question,
        arg_max(field, (understood, field)) as field,
        nullif(max(understood), 0) as understood
    from looks
    group by sheet_no, column_no
)

select
    sheet_no,
    column_no,
    coalesce(question, field) as looks_like,
    if(question is null, understood, null) as understood
from told;

insert into snapshot.input_columns
select
    s.source_file,
    s.sheet,
    c.column_no,
    c.shown,
    s.recipe,
    c.use,
    c.target,
    c.decided_by,
    c.filled,
    l.looks_like,
    l.understood,
    l.looks_like is not null,
    c.proposed,
    c.may_be_persons
from column_uses as c
inner join sheets as s on c.sheet_no = s.sheet_no
left join column_looks as l on c.sheet_no = l.sheet_no and c.column_no = l.column_no
order by s.sheet_no, c.column_no;
