-- Which names of files, sheets and columns beside kept contacts may hold the address?
-- Grain: one row a name. Parameter: address, in small letters.
select distinct name
from (select unnest([source_file, sheet, header]) as name from held.contacts)
where contains(replace(lower(name), '%40', '@'), $address);
