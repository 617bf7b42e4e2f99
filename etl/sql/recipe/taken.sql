-- Which of these cells say that a choice was taken?
-- Grain: one row a cell that does.
-- Parameters: cells.
select given.cell
from (select unnest($cells::varchar[]) as cell) as given
where is_chosen(given.cell)
