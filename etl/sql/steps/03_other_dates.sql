-- Which order do the columns of dates of one sheet prove, whatever their use?
-- A column counts where nine in ten of its cells are dates; the first rows are enough.
-- Grain: one row a column (`raw_rows` stands for the sheet's raw table).
insert into other_dates
with cells as (
    unpivot (select columns('^c\d+$') from raw_rows where source_row <= 20000)
    on columns(*) into name column_name value words
),

judged as (
    select
        column_name,
        case when regexp_matches(words, '^\d{1,2}[./-]\d{1,2}[./-](\d{4}|\d{2})($|[\sT,])') then pair_proves(words) end
            as proves
    from cells
)

select
    $sheet_no,
    column_name[2:]::integer,
    count(*) filter (proves = 'day_first'),
    count(*) filter (proves = 'month_first')
from judged
group by column_name
having count(proves) >= 0.9 * count(*);
