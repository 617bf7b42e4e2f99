-- Which names of files, sheets and columns beside kept contacts may hold the address?
-- Grain: one row a name. Parameter: address, in small letters.
select distinct names.name
from (select unnest([source_file, sheet, header]) as name from held.contacts) as names
where contains(replace(lower(names.name), '%40', '@'), $address);
