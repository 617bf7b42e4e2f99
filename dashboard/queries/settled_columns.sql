-- Which columns have the use that staff gave them?
-- Grain: one row a recipe and header.
-- Parameters: file (null: all).
select
    recipe,
    header,
    any_value(use) as use,
    any_value(target) as target,
    min(source_file) as source_file,
    arg_min(sheet, source_file) as sheet
from input_columns
where decided_by = 'staff' and header is not null and ($file is null or source_file = $file)
group by recipe, header
order by use, min(source_file), min(column_no)
