-- Which decimal mark do the columns of numbers of one sheet prove, whatever their use?
-- A column counts where nine in ten of its cells are numbers; the first rows are enough. The numbers of a workbook's
-- own cells come with a point, and prove nothing.
-- Grain: one row a column (`raw_rows` stands for the sheet's raw table).
insert into other_numbers
with cells as (
    unpivot (select columns('^c\d+$') from raw_rows where source_row <= 20000)
    on columns(*) into name column_name value words
),

judged as (
    select
        c.column_name,
        case when length(c.words) <= 40 then read_number(c.words) end as number,
        case when length(c.words) <= 40 then decimal_mark(c.words) end as mark,
        s.sheet_name is not null and regexp_full_match(c.words, '-?\d+[.]\d+') as is_cell_number
    from cells as c
    inner join sheets as s on s.sheet_no = $sheet_no
)

select
    $sheet_no,
    column_name[2:]::integer,
    count(*) filter (mark = ','),
    count(*) filter (mark = '.' and not is_cell_number)
from judged
group by column_name
having count(number) >= 0.9 * count(*);
