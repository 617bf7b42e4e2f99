-- When were entries of the journey first public here, and since when are those outside `first_published` known? A table
-- beside the snapshot. For a large one with a note of every entry, those outside are the first publication's; else they
-- are those that publishing has not noted yet: known with this build.
-- Grain: one row. Parameters: file; entries (how many the snapshot has at most, where those may be left out), built_at.
create table if not exists first_moment as
select
    min(known_at) as first_known,
    if(count(*) >= $entries, min(known_at), timestamptz '-infinity') as left_out_until,
    if(count(*) >= $entries, min(known_at), $built_at::timestamptz) as otherwise_at
from read_parquet($file)
