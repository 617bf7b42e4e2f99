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
