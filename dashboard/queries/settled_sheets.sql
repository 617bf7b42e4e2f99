-- Which sheets have a use from staff, and which use?
-- Grain: one row a sheet.
-- Parameters: file (null: all).
select distinct
    source_file,
    sheet,
    case remark when 'counted' then 'data' when 'left_out' then 'nothing' else remark end as sheet_use
from sheet_remarks
where remark in ('left_out', 'counted', 'round') and ($file::varchar is null or source_file = $file)
order by source_file, sheet
