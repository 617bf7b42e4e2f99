-- severity: question
-- Which rows seem to try the file, or to show how it is filled in?
-- Grain: one row a sheet.
-- Nothing without: asked_rows.
select * from ask_of_rows('test_rows', [candidate('none', []), candidate('count', [])])
