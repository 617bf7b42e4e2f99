-- Which contacts remain when those of some rows are left out?
-- Grain: one row a personal cell.
-- Parameters: files, sheets, rows (lists of one length, a place each).
create table private.contacts as
select c.source_file, c.sheet, c.source_row, c.header, c.value
from held.contacts as c
anti join (
    select unnest($files::varchar[]) as source_file, unnest($sheets::varchar[]) as sheet, unnest($rows::bigint[]) as row_no
) as gone
    on c.source_file = gone.source_file and c.sheet is not distinct from gone.sheet and c.source_row = gone.row_no;
