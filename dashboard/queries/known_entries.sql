-- Which entries has the journey, and since when are they known here? A table beside the snapshot. What publishing has
-- not noted yet became known with this build; where nothing was noted at all, it is unknown (null).
-- Grain: as `entries`.
-- Parameters: built_at; is_recorded; kinds (in the order in which those of one day stand).
create table if not exists known_entries as
select
    e.*,
    case when $is_recorded then coalesce(f.known_at, $built_at::timestamptz) end as known_at,
    list_position($kinds, e.kind) as kind_no
from entries as e
left join first_published as f on e.entry_id = f.entry_id
