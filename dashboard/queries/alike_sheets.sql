-- Which two sheets of one workbook hold the same actions, so that publishing waits for staff's choice?
-- Grain: one row a pair of sheets.
-- Parameters: none.
select
    source_file, sheet, actions, completed, other_sheet, other_actions, other_completed, same,
    coalesce(effects, []) as effects, coalesce(other_effects, []) as other_effects
from alike_sheets
order by source_file, sheet, other_sheet
