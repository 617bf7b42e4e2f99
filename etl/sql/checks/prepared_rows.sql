-- severity: question
-- Which rows have an id and nothing else, as if they were prepared for later?
-- Grain: one row a sheet.
-- Nothing without: asked_rows.
select * from ask_of_rows('prepared_rows', [candidate('none', []), candidate('count', [])])
