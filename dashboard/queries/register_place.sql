-- Which place has one action in the register of a selection, of how many, and which stand before and after it?
-- Grain: one row; none where the selection does not hold the action.
-- Parameters: as_of, regions, subregions, groupings, countries, categories, themes, groups, stakeholders, statuses,
-- evidence, q;
-- sort (a column), code_order (the codes of that column in their codelist's order, else null), descending, action_id.
with keyed as (
    select
        action_no,
        action_id,
        register_number(
            $sort, $descending, $code_order, submitted_on, due_on, reported_on, completed_on, percent, is_overdue,
            status, category, stakeholder_group
        ) as number_key,
        register_text($sort, title, stakeholder, action_id, language) as text_key
    from selected_actions(
        $as_of, $regions, $subregions, $groupings, $countries, $categories, $themes, $groups, $stakeholders,
        $statuses, $evidence, $q
    )
),

placed as materialized (
    select
        action_no,
        action_id,
        row_number() over (
            order by
                number_key asc nulls last,
                case when not $descending then text_key end asc nulls last,
                case when $descending then text_key end desc nulls last,
                action_no asc
        ) as place
    from keyed
),

chosen as (
    select place from placed where action_id = $action_id
)

select
    c.place,
    (select count(*) from placed) as actions,
    any_value(a.action_id) filter (p.place < c.place) as id_before,
    any_value(a.title) filter (p.place < c.place) as title_before,
    any_value(a.language) filter (p.place < c.place) as language_before,
    any_value(a.action_id) filter (p.place > c.place) as id_after,
    any_value(a.title) filter (p.place > c.place) as title_after,
    any_value(a.language) filter (p.place > c.place) as language_after
from chosen as c
inner join placed as p on p.place between c.place - 1 and c.place + 1
inner join actions as a on p.action_no = a.action_no
group by c.place
