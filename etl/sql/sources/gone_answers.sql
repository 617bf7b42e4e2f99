-- Which answers that are known did not come again with all others, so that they are not there any more?
-- Grain: one row an answer, in the order of the export.
-- Parameters: none.
select known_rows.answer
from known_rows
where known_rows.place > 0 and known_rows.answer not in (select answer from arrived_answers)
group by known_rows.answer
order by min(known_rows.place)
