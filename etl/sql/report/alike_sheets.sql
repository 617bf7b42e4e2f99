-- Which two sheets of one workbook hold the same actions, so that publishing waits until staff have said which counts?
-- Grain: one row a pair of sheets.
select
    source_file, sheet, actions, other_sheet, other_actions, same,
    coalesce(effects, []) as effects, coalesce(other_effects, []) as other_effects
from snapshot.alike_sheets
order by source_file, sheet, other_sheet
