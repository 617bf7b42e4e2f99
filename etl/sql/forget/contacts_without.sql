-- Which contacts remain when those of some rows are left out, and some names of files, sheets and columns replaced?
-- Grain: one row a personal cell.
-- Parameters: files, sheets, rows (lists of one length, a place each), names, replacements (of one length).
create table private.contacts as
with gone as (
    select
        unnest($files::varchar[]) as source_file,
        unnest($sheets::varchar[]) as sheet,
        unnest($rows::bigint[]) as row_no
)

select
    renamed(c.source_file, $names, $replacements) as source_file,
    renamed(c.sheet, $names, $replacements) as sheet,
    c.source_row,
    renamed(c.header, $names, $replacements) as header,
    c.value
from held.contacts as c
anti join gone as g
    on c.source_file = g.source_file and c.sheet is not distinct from g.sheet and c.source_row = g.row_no;
