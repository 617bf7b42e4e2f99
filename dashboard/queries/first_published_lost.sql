-- When was each entry first public, where no readable file states it? An empty table takes its place.
-- Grain: none. Parameters: none.
create table if not exists first_published (entry_id uuid, known_at timestamptz)
