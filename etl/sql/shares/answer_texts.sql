-- The answers that shares of a sheet found, each once.
-- Grain: one row a question and answer (`given_rows` holds those of all shares).
insert into answer_texts
select sheet_no, question, written, pieces, sum(row_count)::bigint
from given_rows
group by all;
