-- How was each column with several possible readings read, and what decided it? Which did staff answer as unknown?
-- Grain: one row a column and reading; unknown ones first, then those not decided by the cells.
-- Parameters: file (null: all), most.
with readings as (
    select source_file, sheet, header, field, reading, decided_by, cells, evidence, ambiguous
    from column_readings
    union all
    select
        source_file,
        sheet,
        header,
        coalesce(field, ''),
        'not_known ' || kind,
        decided_by,
        coalesce(try_cast(facts['n'] as bigint), 0),
        0,
        coalesce(try_cast(facts['n'] as bigint), 0)
    from questions
    where answer = 'unknown'
)

select
    source_file,
    sheet,
    header,
    field,
    reading,
    decided_by,
    cells,
    evidence,
    ambiguous,
    count(*) over () as rows_in_all
from readings
where $file is null or source_file = $file
order by
    not starts_with(reading, 'not_known '), decided_by = 'values', ambiguous desc, source_file, sheet, header, reading
limit $most
