-- How was each sheet read, and what became of its rows?
-- Grain: one row a sheet of a file; a file without any sheet is one row too.
-- Parameters: file (null: all), most.
select
    f.source_file,
    s.sheet,
    s.recipe,
    s.kind,
    coalesce(s.rows_read, f.rows_read) as rows_read,
    coalesce(s.rows_accepted, f.rows_accepted) as rows_accepted,
    coalesce(s.rows_merged, f.rows_merged) as rows_merged,
    coalesce(s.rows_rejected, f.rows_rejected) as rows_rejected,
    count(*) over () as rows_in_all
from input_files as f
left join input_sheets as s on f.source_file = s.source_file
where $file is null or f.source_file = $file
order by f.source_file, s.sheet
limit $most
