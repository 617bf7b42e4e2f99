-- What did the checks find?
-- Grain: one row a finding; rows_in_all counts those that the snapshot lists.
-- Parameters: file (null: all), check_id (null: all), most.
select
    c.severity,
    c.check_id,
    c.action_id,
    a.title,
    c.field,
    c.value,
    c.expected,
    c.source_file,
    c.sheet,
    c.source_row,
    count(*) over () as rows_in_all
from check_results as c
left join actions as a on c.action_id = a.action_id
where ($file is null or c.source_file = $file) and ($check_id is null or c.check_id = $check_id)
order by c.severity desc, c.check_id, c.source_file, c.sheet, c.source_row, c.action_id, c.field, c.value
limit $most
