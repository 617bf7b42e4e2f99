-- The texts of dates that shares of a sheet found, each once.
-- Grain: one row a field and text (`given_rows` holds those of all shares).
insert into dates_to_read
select sheet_no, field, words, sum(row_count)::bigint, min(first_row)
from given_rows
group by sheet_no, field, words;
