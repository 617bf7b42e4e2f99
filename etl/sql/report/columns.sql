-- What are the columns of each file used for?
-- Grain: one row a file; columns = fields + questions + staff + personal + set_aside + open.
select
    source_file,
    count(*) as columns,
    count(*) filter (use = 'field') as fields,
    count(*) filter (use = 'question') as questions,
    count(*) filter (use = 'staff') as staff,
    count(*) filter (use = 'personal') as personal,
    count(*) filter (use = 'set_aside') as set_aside,
    count(*) filter (use = 'open') as open
from snapshot.input_columns
group by source_file
order by source_file
