-- When were entries of the journey public here for the first time, and since when are those known that are not in
-- `first_published`? A table beside the snapshot. Of a large one, of which every entry is noted, those of the first
-- publication are left out there; else they are those that publishing has not noted yet: known with this build.
-- Grain: one row. Parameters: file; entries (how many the snapshot has at most, where those may be left out), built_at.
create table if not exists first_moment as
select
    min(known_at) as first_known,
    if(count(*) >= $entries, min(known_at), timestamptz '-infinity') as left_out_until,
    if(count(*) >= $entries, min(known_at), $built_at::timestamptz) as otherwise_at
from read_parquet($file)
