-- severity: question
-- Which rows are struck through?
-- Grain: one row a sheet.
-- Nothing without: asked_rows.
select * from ask_of_rows('struck_rows', [candidate('none', []), candidate('count', [])])
