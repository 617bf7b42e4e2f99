-- What stands in place of persons' names in a snapshot of an older program, which names persons as everybody? Nothing.
-- Grain: none. Parameters: none.
create table person_names (name varchar, names map (varchar, varchar))
