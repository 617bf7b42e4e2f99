-- Which rows were merged into the one that they repeat? `submission_id`: how staff can distinguish them.
-- Grain: one row a merged row of an input file.
-- Parameters: file (null: all), most.
select
    m.why as reason,
    m.source_file,
    m.sheet,
    m.source_row,
    m.kept_action_id as action_id,
    a.title,
    s.submission_id,
    count(*) over () as rows_in_all
from merged_rows as m
left join actions as a on m.kept_action_id = a.action_id
left join
    merged_submissions as s
on m.source_file = s.source_file and m.sheet is not distinct from s.sheet and m.source_row = s.source_row
where $file is null or m.source_file = $file
order by m.source_file, m.sheet, m.source_row
limit $most
