-- The authors of each row, for the private store; a row of a person who asked to be forgotten leaves none.
-- Grain: one row a personal cell.
-- Parameters: salts, forgotten (hashes of addresses; those of etl/inputs/forgotten.py).
create table forgotten_rows as
select distinct source_file, sheet, source_row
from contacts
where
    len($forgotten::varchar[]) > 0
    and contains(value, '@')
    and list_has_any(
        flatten(list_transform(
            regexp_extract_all(lower(value), '[^\s<>()\[\]{},;:"@|/\\&=?!]+@[^\s<>()\[\]{},;:"@|/\\&=%?!]+'),
            lambda address: list_transform(
                $salts::varchar[], lambda salt: sha256(salt || trim(address, '.''’‘“”*_`'))
            )
        )),
        $forgotten::varchar[]
    );

insert into private.contacts
select c.source_file, c.sheet, c.source_row, c.header, c.value
from contacts as c
anti join forgotten_rows as f
    on c.source_file = f.source_file and c.sheet is not distinct from f.sheet and c.source_row = f.source_row;
