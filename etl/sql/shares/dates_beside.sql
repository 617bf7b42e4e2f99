-- The real dates that shares of a sheet found, by field: the first three rows stand for all.
-- Grain: one row a field (`given_rows` holds those of all shares).
insert into dates_beside
select sheet_no, field, sum(row_count)::bigint, max(latest_day), list_sort(flatten(list(places)))[:3]
from given_rows
group by sheet_no, field;
