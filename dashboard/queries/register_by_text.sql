-- Which actions stand on one page of the register, by a column of texts?
-- Grain: one row an action, in the order asked for; equal ones keep the register's own order.
-- Parameters: as_of, regions, subregions, groupings, countries, categories, themes, groups, stakeholders, statuses,
-- evidence, q;
-- sort (a column), descending, row_limit, row_offset.
with keyed as (
    select
        action_no,
        register_text($sort, title, stakeholder, action_id, language) as text_key
    from named_actions(
        $as_of, $regions, $subregions, $groupings, $countries, $categories, $themes, $groups, $stakeholders,
        $statuses, $evidence, $q
    )
)

select action_no
from keyed
order by
    case when not $descending then text_key end asc nulls last,
    case when $descending then text_key end desc nulls last,
    action_no asc
limit $row_limit offset $row_offset
