-- Which sheets may tell the decimal mark of percentages that do not tell it themselves: those of the same exports.
-- Grain: one row a sheet.
with mute as (
    select sheet_no
    from percent_cells
    group by sheet_no, round_no
    having bool_or(mark = 'either') and count(*) filter (mark in (',', '.') and not is_cell_number) = 0
)

select s.sheet_no
from sheets as s
inner join files as f on s.source_file = f.source_file
where s.recipe is not null and f.container in (
    select i.container
    from mute as m
    inner join sheets as t on m.sheet_no = t.sheet_no
    inner join files as i on t.source_file = i.source_file
)
order by s.sheet_no
