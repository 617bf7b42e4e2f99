-- What are the choices of surveys called, by language,
-- in a snapshot of an older program, which had a column for each of its three languages?
-- Grain: a row as there. Parameters: none.
create view survey_choices as
select
    *,
    map_from_entries(list_filter(
        [{ 'k': 'en', 'v': label_en }, { 'k': 'fr', 'v': label_fr }, { 'k': 'es', 'v': label_es }],
        lambda said: said.v is not null
    )) as labels
from snapshot.survey_choices
