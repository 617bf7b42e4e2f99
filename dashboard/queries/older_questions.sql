-- What are the questions of surveys called, by language,
-- in a snapshot of an older program, which had a column for each of its three languages?
-- Grain: a row as there. Parameters: none.
create view survey_questions as
select
    *,
    map_from_entries(list_filter(
        [{ 'k': 'en', 'v': text_en }, { 'k': 'fr', 'v': text_fr }, { 'k': 'es', 'v': text_es }],
        lambda said: said.v is not null
    )) as texts
from snapshot.survey_questions
