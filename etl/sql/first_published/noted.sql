-- When was each entry of the journey first public, as was noted so far?
-- Grain: one row an entry that was ever published here.
create table noted as
select entry_id, known_at
from read_parquet($file)
