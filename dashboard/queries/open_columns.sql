-- Which columns have no use yet or one that does not fit, and what are their likely uses? The columns of one question
-- form one row, with the recipe's questions and choices that have no column in their file, and with the columns that
-- are read as fields in their sheet.
-- Grain: one row a recipe and header, or closed question; those that hold publishing back first, then questions.
-- Parameters: file (null: all), files (null: all; else the columns of the recipes that read these files, and those that
-- hold publishing back).
with gone as (
    select source_file, sheet, list(value order by value) as questions
    from check_results
    where check_id = 'question_gone'
    group by source_file, sheet
),

read_as as (
    select source_file, sheet, list({ 'field': target, 'columns': headers } order by target) as fields
    from (
        select
            source_file,
            sheet,
            target,
            list({ 'header': header, 'filled': filled } order by column_no) as headers
        from input_columns
        where use = 'field' and header is not null
        group by source_file, sheet, target
    ) as of_fields
    group by source_file, sheet
),

named as (
    select c.*, s.kind, s.rows_read, g.questions as gone, r.fields as read_as
    from input_columns as c
    left join input_sheets as s on c.source_file = s.source_file and c.sheet is not distinct from s.sheet
    left join gone as g on c.source_file = g.source_file and c.sheet is not distinct from g.sheet
    left join read_as as r on c.source_file = r.source_file and c.sheet is not distinct from r.sheet
    where
        (c.use = 'open' or c.is_asked)
        and c.header is not null
        and c.recipe is not null
        and ($file is null or c.source_file = $file)
),

given as (
    select distinct i.recipe
    from input_columns as i
    where list_contains($files::varchar[], i.source_file)
)

select
    recipe,
    any_value(kind) as kind,
    list(distinct header order by header) as headers,
    arg_min(header, (source_file, column_no)) as header,
    min(source_file) as source_file,
    arg_min(sheet, (source_file, column_no)) as sheet,
    max(filled) as filled,
    max_by(rows_read, filled) as row_count,
    coalesce(arg_max(looks_like, understood), any_value(looks_like)) as looks_like,
    max(understood) as understood,
    any_value(proposed) as proposed,
    bool_or(is_asked) as is_asked,
    bool_or(may_be_persons) as may_be_persons,
    any_value(gone) as gone,
    arg_min(read_as, (source_file, column_no)) as read_as
from named
where $files is null or is_asked or recipe in (select g.recipe from given as g)
group by
    recipe,
    coalesce('question ' || if(starts_with(looks_like, 'question'), null, proposed), 'header ' || header)
order by
    bool_or(is_asked) desc, max(understood) desc nulls last, any_value(proposed) is null, min(source_file),
    min(column_no)
