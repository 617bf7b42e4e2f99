-- Which stakeholders stand on one page of their list, how many actions does each have in the selection, and how far are
-- these?
-- Grain: one row a stakeholder, in the order asked for; equal ones in the order of their names.
-- Parameters: as_of, regions, subregions, groupings, countries, categories, themes, groups, stakeholders, statuses,
-- evidence, q; words (folded, none with a blank inside: all of them are in the name), lang (of the names of persons);
-- sort (a column), code_order (the codes of groups in their codelist's order), descending, row_limit, row_offset.
with counted as (
    select
        stakeholder_id,
        count(*) as actions,
        count(*) filter (is_reported) as reported,
        count(*) filter (is_completed) as completed,
        count(*) filter (is_unknown(status_no)) as unknown,
        max(reported_on) as reported_on,
        list_sort(list(distinct coalesce(stakeholder_group, 'unclassified'))) as groups
    from counted_actions(
        $as_of, $regions, $subregions, $groupings, $countries, $categories, $themes, $groups, $stakeholders,
        $statuses, $evidence, $q
    )
    where stakeholder_id is not null
    group by stakeholder_id
),

named as (
    select
        c.*,
        case $lang when 'fr' then n.name_fr when 'es' then n.name_es else n.name_en end as name
    from counted as c
    inner join stakeholder_names() as n on c.stakeholder_id = n.stakeholder_id
    where len($words::varchar[]) = 0 or holds_words($words::varchar[], n.names)
),

keyed as (
    select
        *,
        strip_accents(lower(name)) as name_key,
        case when $descending then -1 else 1 end * case $sort
            when 'actions' then actions
            when 'reported' then reported
            when 'completed' then completed
            when 'reported_on' then epoch(reported_on)
            when 'group' then list_position($code_order, groups[1])
        end as number_key,
        case $sort when 'name' then strip_accents(lower(name)) end as text_key
    from named
)

select
    stakeholder_id,
    name,
    groups,
    actions,
    reported,
    completed,
    unknown,
    reported_on
from keyed
order by
    number_key asc nulls last,
    case when not $descending then text_key end asc nulls last,
    case when $descending then text_key end desc nulls last,
    name_key asc,
    stakeholder_id asc
limit $row_limit offset $row_offset
