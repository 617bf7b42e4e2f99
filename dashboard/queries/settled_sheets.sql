-- Of which sheets did staff say whether they count?
-- Grain: one row a sheet.
-- Parameters: file (null: all).
select distinct source_file, sheet, remark = 'counted' as is_counted
from sheet_remarks
where remark in ('left_out', 'counted') and ($file::varchar is null or source_file = $file)
order by source_file, sheet
