-- Can a table be read to its end? Every value is hashed, so that DuckDB checks the sums of all its blocks.
-- Grain: one row.
-- Parameters: held_table.
select bit_xor(hash(held)) as hashed
from query_table($held_table) as held
