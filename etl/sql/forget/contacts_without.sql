-- Which contacts remain when those of some rows are left out?
-- Grain: one row a personal cell.
-- Parameters: files, sheets, rows (lists of one length, a place each).
create table private.contacts as
with gone as (
    select
        unnest($files::varchar[]) as source_file,
        unnest($sheets::varchar[]) as sheet,
        unnest($rows::bigint[]) as row_no
)

select c.source_file, c.sheet, c.source_row, c.header, c.value
from held.contacts as c
anti join gone as g
    on c.source_file = g.source_file and c.sheet is not distinct from g.sheet and c.source_row = g.row_no;
