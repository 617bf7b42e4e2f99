-- What stands in place of persons' names, in each language?
-- Grain: one row a name as the other tables have it. Parameters: none.
select
    name,
    name_en,
    name_fr,
    name_es
from person_names
order by name
