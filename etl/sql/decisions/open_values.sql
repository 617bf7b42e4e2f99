-- What stands in some columns of a sheet, in its first rows?
-- Grain: one row a column (from 1) and distinct value.
-- Parameters: columns, rows.
select column_name[2:]::integer as column_no, value, count(*) as row_count
from (
    unpivot (select columns('^c\d+$') from raw_0 order by source_row limit $rows)
    on columns(*) into name column_name value value
)
where list_contains($columns::integer[], column_name[2:]::integer)
group by column_no, value
