-- A snapshot of an older program names persons as everybody: nothing stands in place of a name.
create table person_names (name varchar, name_en varchar, name_fr varchar, name_es varchar)
