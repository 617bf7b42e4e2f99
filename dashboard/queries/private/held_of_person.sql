-- Which personal cells do the exports have in the rows with somebody's address? Of a row with several addresses, only
-- the cells that hold this one: the others may be somebody else's. Runs in the private store.
-- Grain: one row a cell.
-- Parameters: address, in small letters.
with found as (
    select
        source_file,
        sheet,
        source_row,
        header,
        value,
        list_transform(
            regexp_extract_all(lower(value), '[^\s<>()\[\]{},;:"@|/\\&=?!'']+@[^\s<>()\[\]{},;:"@|/\\&=%?!'']+'),
            lambda one: rtrim(one, '.-')
        ) as addresses
    from contacts
),

rows_with as (
    select
        source_file,
        sheet,
        source_row,
        len(list_distinct(flatten(list(addresses)))) as address_count
    from found
    group by all
    having list_contains(flatten(list(addresses)), $address)
)

select
    n.source_file,
    n.sheet as source_sheet,
    f.source_row,
    f.header,
    f.value
from found as f
inner join rows_with as r
    on
        f.source_file = r.source_file and f.sheet is not distinct from r.sheet and f.source_row = r.source_row
        and (r.address_count = 1 or list_contains(f.addresses, $address))
left join input_names as n on f.source_file = n.file_name and f.sheet is not distinct from n.sheet_name
order by n.source_file, n.sheet, f.source_row, f.header
