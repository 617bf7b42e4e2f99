-- What does a file of IATI say of these actions?
-- Grain: one row an action, in the register's order, with lists of its countries, regions, themes and numbers.
-- Parameters: selection; lang; first, last (action_no of a portion).
with chosen as (
    select *
    from selected_actions($selection)
    where action_no between $first and $last
),

places as (
    select
        action_no,
        list(member order by member) filter (dimension = 'country') as countries,
        list(member order by member) filter (dimension = 'region') as regions,
        list(member order by member) filter (dimension = 'theme') as themes
    from action_members
    where action_no between $first and $last
    group by action_no
),

numbers as (
    select
        r.action_no,
        list(
            {
                'indicator': r.indicator,
                'unit': r.unit,
                'baseline': r.baseline,
                'baseline_on': r.baseline_on,
                'target': r.target,
                'target_on': r.target_on,
                'direction': i.direction,
                'is_summable': coalesce(i.is_summable, false),
                'actual': r.actual,
                'how_known': t.how_known
            }
            order by r.result_no
        ) as results
    from results_on($as_of) as r
    left join indicators as i on r.indicator = i.indicator
    left join result_reports as t on r.telling_no = t.telling_no
    where r.action_no between $first and $last and (r.target is not null or r.actual is not null)
    group by r.action_no
)

select
    c.action_id,
    a.title,
    a.description,
    a.impact,
    a.language,
    stakeholder_in(c.stakeholder, $lang) as stakeholder,
    c.stakeholder_group,
    c.status,
    c.due_on,
    c.completed_on,
    p.countries,
    p.regions,
    p.themes,
    n.results
from chosen as c
inner join actions as a on c.action_no = a.action_no
left join places as p on c.action_no = p.action_no
left join numbers as n on c.action_no = n.action_no
order by c.action_no
