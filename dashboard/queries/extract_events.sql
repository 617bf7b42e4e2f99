-- Which events belong to these actions, whatever the day?
-- Grain: one row an event, the earliest first; with `everything` also those of no known action.
-- Parameters: as_of, regions, subregions, groupings, countries, categories, themes, groups, stakeholders, statuses,
-- evidence, q; everything.
with chosen as (
    select action_id, title
    from selected_actions(
        $as_of, $regions, $subregions, $groupings, $countries, $categories, $themes, $groups, $stakeholders,
        $statuses, $evidence, $q
    )
)

select
    i.id,
    i.on_date,
    i.title,
    i.url,
    i.action_id,
    c.title as action_title,
    i.language as language_code,
    i.source_file,
    i.source_sheet,
    i.source_row
from events as i
left join chosen as c on i.action_id = c.action_id
where c.action_id is not null or $everything::boolean
order by i.on_date nulls last, i.id, i.source_file, i.source_row
