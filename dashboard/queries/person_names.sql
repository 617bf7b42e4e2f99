-- What are the replacements of persons' names, by language?
-- Grain: one row a name in the other tables. Parameters: none.
select
    name,
    names
from person_names
order by name
