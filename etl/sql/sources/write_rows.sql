-- What are the rows of an export, in their order, the line of names first?
-- Grain: one row a line.
-- Parameters: none.
select * exclude (first_place, next_place, place, answer)
from merged_rows
order by first_place, next_place
