-- The words that shares of a sheet found in columns of choices, each once.
-- Grain: one row a field or question and word (`given_rows` holds those of all shares).
insert into choice_cells
select sheet_no, field, header, is_stated, words, is_not_taken, is_label, sum(row_count)::bigint, min(first_row)
from given_rows
group by all;
