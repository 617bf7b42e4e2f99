-- Can a table be read to its end? Every value is hashed, so that the sums of all its blocks are looked at.
-- Grain: one row.
-- Parameters: held_table.
select bit_xor(hash(held)) as hashed
from query_table($held_table) as held
