-- Since when is each entry of the journey known here? Entries that publishing has not noted yet became known with this
-- build; without any notes it is unknown (null).
-- Grain: as `entries`.
-- Parameters: none.
create or replace view dated_entries as
select
    e.*,
    coalesce(f.known_at, m.otherwise_at) as known_at
from entries as e
cross join first_moment as m
left join first_published as f on e.entry_id = f.entry_id
