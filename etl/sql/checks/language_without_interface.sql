-- severity: note
-- In which of the campaign's languages does the interface not speak? It speaks those that it is offered in, else
-- English. Grain: one row a language.
select
    null::integer as action_no,
    'language' as field,
    language as value,
    coalesce(
        (select string_agg(o.language, ', ' order by o.language) from campaign_languages as o where o.is_offered), 'en'
    ) as expected
from campaign_languages
where not is_offered
