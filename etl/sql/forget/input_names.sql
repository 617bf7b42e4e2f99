-- Which names of files and sheets may hold the address?
-- Grain: one row a name. Parameter: address, in small letters.
select distinct names.name
from (select unnest([file_name, sheet_name]) as name from held.input_names) as names
where contains(replace(lower(names.name), '%40', '@'), $address);
