-- What are the handles of the files from here on? Everything public uses handles, which do not reveal the names.
-- Grain: one row a file.
-- Parameters: names, handles (of the same length).
create table handles as select unnest($names::varchar[]) as file_name, unnest($handles::varchar[]) as source_file;

update files
set source_file = h.source_file
from handles as h
where files.file_name = h.file_name;

update sheets
set source_file = h.source_file
from handles as h
where sheets.file_name = h.file_name;

-- The names themselves, for staff: one row a sheet, and one a file of which no sheet was read.
insert into private.input_names
select f.source_file, s.sheet, f.file_name, s.sheet_name
from files as f
left join sheets as s on f.file_name = s.file_name
order by f.file_name, s.sheet_no;

-- Nothing without: unread_sheets.
insert into private.input_names
select f.source_file, u.sheet, f.file_name, u.sheet_name
from unread_sheets as u
inner join files as f on u.file_name = f.file_name;

-- Nothing without: unread_sheets.
insert into snapshot.sheet_remarks
select f.source_file, u.sheet, u.remark, null, null
from unread_sheets as u
inner join files as f on u.file_name = f.file_name;
