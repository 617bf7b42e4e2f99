-- What stands for persons' names by language in a snapshot of an older program, which had a column for each language?
-- Grain: a row as there. Parameters: none.
create view person_names as
select name, map { 'en': name_en, 'fr': name_fr, 'es': name_es } as names from snapshot.person_names
