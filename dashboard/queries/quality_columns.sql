-- What is the use of every column of the files, and which have none yet?
-- Grain: one row a column of a sheet, the open ones first.
-- Parameters: file (null: all), most.
select
    source_file,
    sheet,
    column_no,
    header,
    use,
    target,
    decided_by,
    filled,
    looks_like,
    understood,
    proposed,
    may_be_persons,
    count(*) over () as rows_in_all
from input_columns
where $file is null or source_file = $file
order by use <> 'open', looks_like is null, proposed is null, source_file, sheet, column_no
limit $most
