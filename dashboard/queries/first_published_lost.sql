-- When was each entry first public, where nothing that can be read says so? An empty table stands in its place.
-- Grain: none. Parameters: none.
create table if not exists first_published (entry_id uuid, known_at timestamptz)
