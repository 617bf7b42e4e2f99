-- When was each entry first public here, by publishing's notes beside the builds? A table beside the snapshot.
-- Grain: one row an entry that was ever published here, without those that `first_moment` covers.
-- Parameters: file.
create table if not exists first_published as
select entry_id, known_at
from read_parquet($file)
where known_at > (select m.left_out_until from first_moment as m)
