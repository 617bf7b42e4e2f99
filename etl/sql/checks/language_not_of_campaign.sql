-- severity: note
-- Which actions are in a language that the campaign does not use?
-- Grain: one row an action.
select
    a.action_no, 'language' as field, a.language as value,
    (select string_agg(language, ', ' order by language) from campaign_languages) as expected
from snapshot.actions as a
where a.language not in (select language from campaign_languages)
