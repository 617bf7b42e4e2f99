-- What is the campaign called, by language, and which are they,
-- in a snapshot of an older program, which had a column for each of its three languages?
-- Grain: a row as there. Parameters: none.
create view campaign as
select *, map { 'en': title_en, 'fr': title_fr, 'es': title_es } as titles, ['en', 'fr', 'es'] as languages
from snapshot.campaign
