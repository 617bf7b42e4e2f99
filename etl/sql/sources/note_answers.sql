-- Note which answers came, by the table that has a row for each; rows of repeated groups go with their answer.
-- Parameters: none.
create or replace temp table arrived_answers as
select distinct answer
from arrived_rows
where place > 0
