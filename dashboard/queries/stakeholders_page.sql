-- Which stakeholders are on one page of their list, how many actions does each have in the selection, with which
-- status, and how many of their due milestones are reached?
-- Grain: one row a stakeholder, in the requested order; equal ones in the order of their names.
-- Parameters: selection; words (folded, none with a blank inside: all of them are in the name), lang (of the names of
-- persons); sort (a column), code_order (the codes of groups in their codelist's order), descending, row_limit,
-- row_offset.
with reckoned as (
    select
        action_no,
        count(*) filter (outcome_no <= 3) as due,
        count(*) filter (outcome_no = 1) as reached
    from milestones_on($as_of)
    group by action_no
),

counted as (
    select
        a.stakeholder_id,
        count(*) as actions,
        count(*) filter (a.is_reported) as reported,
        count(*) filter (a.is_completed) as completed,
        count(*) filter (is_unknown(a.status_no)) as unknown,
        max(a.reported_on) as reported_on,
        list_sort(list(distinct coalesce(a.stakeholder_group, 'unclassified'))) as groups,
        coalesce(sum(m.due), 0)::bigint as milestones_due,
        coalesce(sum(m.reached), 0)::bigint as milestones_reached
    from counted_actions($selection) as a
    left join reckoned as m on a.action_no = m.action_no
    where a.stakeholder_id is not null
    group by a.stakeholder_id
),

named as (
    select
        c.*,
        coalesce(in_language(n.names, $lang), n.name) as name
    from counted as c
    inner join stakeholder_names() as n on c.stakeholder_id = n.stakeholder_id
    where len($words::varchar[]) = 0 or holds_words($words::varchar[], n.small_names)
),

keyed as (
    select
        *,
        strip_accents(lower(name)) as name_key,
        case when $descending then -1 else 1 end * case $sort
            when 'actions' then actions
            when 'reported' then reported
            when 'completed' then completed
            when 'milestones' then if(milestones_due > 0, milestones_reached, null)
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
    reported_on,
    milestones_due,
    milestones_reached
from keyed
order by
    number_key asc nulls last,
    case when not $descending then text_key end asc nulls last,
    case when $descending then text_key end desc nulls last,
    name_key asc,
    stakeholder_id asc
limit $row_limit offset $row_offset
