-- What are codes called, by language,
-- in a snapshot of an older program, which had a column for each of its three languages?
-- Grain: a row as there. Parameters: none.
create view codes as
select *, map { 'en': label_en, 'fr': label_fr, 'es': label_es } as labels from snapshot.codes
