-- Which rows were merged into one action?
-- Grain: one row a merged row of an input file.
-- Parameters: action_id.
select
    source_file,
    sheet as source_sheet,
    source_row,
    why
from merged_rows
where kept_action_id = $action_id
order by source_file, sheet, source_row
