-- When was each entry first public? In an order that does not depend on anything else.
-- Grain: one row an entry that was ever published here.
select entry_id, known_at
from noted
order by known_at, entry_id
