-- How did the build read the sheets of a file?
-- Grain: one row a sheet.
select sheet, recipe, headers, personal_columns from snapshot.input_sheets where source_file = $file
