-- severity: note
-- What has no name in a language that the campaign is offered in? Readers see the English name, else any.
-- Grain: one row a code (or the campaign's title) and language.
with offered as (
    select language from campaign_languages where is_offered
)

select
    null::integer as action_no,
    c.codelist as field,
    c.code as value,
    o.language as expected
from offered as o
cross join codelist_codes as c
where c.labels[o.language] is null
union all
select null, 'title', null, language
from offered
where language not in (select language from campaign_titles)
