-- What stands in place of persons' names, by language?
-- Grain: one row a name as the other tables have it. Parameters: none.
select
    name,
    names
from person_names
order by name
