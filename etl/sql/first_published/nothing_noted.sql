-- Nothing has been noted so far.
-- Grain: none.
create table noted (entry_id uuid, known_at timestamptz)
