-- severity: note
-- In which of the campaign's languages does the interface not speak? It speaks the next best, English.
-- Grain: one row a language.
select
    null::integer as action_no,
    'language' as field,
    language as value,
    'en, es, fr' as expected
from campaign_languages
where language not in ('en', 'fr', 'es')
