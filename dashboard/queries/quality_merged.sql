-- Which rows repeat another one, so that they were merged into it?
-- Grain: one row a merged row of an input file.
-- Parameters: file (null: all), most.
select
    m.why as reason,
    m.source_file,
    m.sheet,
    m.source_row,
    m.kept_action_id as action_id,
    a.title,
    count(*) over () as rows_in_all
from merged_rows as m
left join actions as a on m.kept_action_id = a.action_id
where $file is null or m.source_file = $file
order by m.source_file, m.sheet, m.source_row
limit $most
