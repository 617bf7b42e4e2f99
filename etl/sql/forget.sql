-- The places of a person who asked to be forgotten, and their cleaning.

-- query: changed_rows
-- Which rows of a sheet read otherwise in the file written anew?
-- Grain: one row a sheet row. Parameter: width, the columns of the wider of the two.
with rows_before as (
    select
        source_row,
        list_resize(list_value(*columns(* exclude (source_row))), $width) as cells
    from sheet_before
),

rows_after as (
    select
        source_row,
        list_resize(list_value(*columns(* exclude (source_row))), $width) as cells
    from sheet_after
)

select
    source_row,
    b.cells as cells_before,
    a.cells as cells_after
from rows_before as b
full join rows_after as a using (source_row)
where b.cells is distinct from a.cells;

-- query: contact_names
-- Which names of files, sheets and columns beside kept contacts may hold the address?
-- Grain: one row a name. Parameter: address, in small letters.
select distinct names.name
from (select unnest([source_file, sheet, header]) as name from held.contacts) as names
where contains(replace(lower(names.name), '%40', '@'), $address);

-- query: contacts_with_address
-- Which kept contacts may be the address?
-- Grain: one row a personal cell. Parameter: address, in small letters.
select
    source_file,
    sheet,
    source_row,
    header,
    value
from held.contacts
where contains(replace(lower(value), '%40', '@'), $address)
order by all;

-- query: contacts_without
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

-- query: input_headers_copied
-- Which headers belong to the handles of columns? As before: contacts were taken out of them when they were read.
-- Grain: one row a header.
create table private.input_headers as select * from held.input_headers;

-- query: input_names
-- Which names of files and sheets may hold the address?
-- Grain: one row a name. Parameter: address, in small letters.
select distinct names.name
from (select unnest([file_name, sheet_name]) as name from held.input_names) as names
where contains(replace(lower(names.name), '%40', '@'), $address);

-- query: names_without
-- How are files and sheets named when some names are replaced?
-- Grain: one row a sheet, and one a file of which no sheet was read.
-- Parameters: names, replacements (of one length).
create table private.input_names as
select
    source_file,
    sheet,
    renamed(file_name, $names, $replacements) as file_name,
    renamed(sheet_name, $names, $replacements) as sheet_name
from held.input_names;

-- query: people_copied
-- Which stakeholders are persons? As before.
-- Grain: one row a person and spelling.
create table private.people as select * from held.people;

-- query: renamed
-- A name, or its replacement.
create macro renamed(name, names, replacements) as
    coalesce(list_extract(replacements::varchar[], list_position(names::varchar[], name)::bigint), name);

-- query: rows_with_address
-- Which rows of a sheet hold the address in any cell?
-- Grain: one row a sheet row. Parameter: address, in small letters.
with sheet_rows as (
    select
        source_row,
        list_value(*columns(* exclude (source_row))) as cells
    from looked
)

select
    source_row,
    cells
from sheet_rows
where contains(replace(lower(array_to_string(cells, chr(31))), '%40', '@'), $address)
order by source_row;

-- query: sheet_rows
-- Which rows does a sheet hold?
-- Grain: one row a sheet row that is not blank.
select
    source_row,
    list_value(*columns(* exclude (source_row))) as cells
from looked
order by source_row;

-- query: snapshot_tables
-- Which tables does a snapshot hold, by their full names?
select format('held."{}"."{}"', schema_name, table_name) as full_name
from duckdb_tables()
where database_name = 'held';

-- query: texts_with_address
-- Which rows of a table, written as text, hold the address or a part of it?
-- Grain: one row a table row. Parameters: table_name, in full; address, or the part, in small letters.
with table_rows as (
    select t::varchar as row_text
    from query_table($table_name) as t
)

select row_text
from table_rows
where contains(replace(lower(row_text), '%40', '@'), $address);
