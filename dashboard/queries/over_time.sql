-- How did completions and reports add up, day by day, over the actions that are in the selection on `as_of`?
-- Grain: one row a day, from the campaign's first day (or `as_of`, if earlier) to `as_of`.
-- Parameters: as_of, regions, subregions, countries, categories, themes, groups, statuses, q.
with chosen as materialized (
    select action_no
    from selected_actions($as_of, $regions, $subregions, $countries, $categories, $themes, $groups, $statuses, $q)
),

spells as materialized (
    select
        valid_from,
        valid_to,
        coalesce(status = 'completed', false)::tinyint as completed
    from report_spells
    where valid_from <= $as_of and action_no in (select action_no from chosen)
),

changes as (
    select
        valid_from as on_date,
        sum(completed) as completed,
        count(*) as reported
    from spells
    group by valid_from
    union all
    select
        valid_to as on_date,
        -sum(completed) as completed,
        -count(*) as reported
    from spells
    where valid_to <= $as_of
    group by valid_to
),

calendar as (
    select
        least(starts_on, $as_of) as first_on,
        starts_on,
        ends_on,
        (select count(*) from chosen) as actions
    from campaign
),

days as (
    select
        unnest(range(first_on, $as_of + 1, interval 1 day))::date as on_date,
        first_on,
        starts_on,
        ends_on,
        actions
    from calendar
),

totals as (
    select
        d.on_date,
        any_value(d.actions) as actions,
        any_value((d.on_date - d.starts_on + 1) / (d.ends_on - d.starts_on + 1)) as elapsed,
        coalesce(sum(c.completed), 0) as completed,
        coalesce(sum(c.reported), 0) as reported
    from days as d
    left join changes as c on d.on_date = greatest(c.on_date, d.first_on)
    group by d.on_date
),

curve as (
    select
        on_date,
        actions,
        greatest(0, least(1, elapsed)) as elapsed,
        (sum(completed) over (order by on_date))::bigint as completed,
        (sum(reported) over (order by on_date))::bigint as reported
    from totals
)

select
    on_date,
    actions,
    reported,
    completed,
    completed / nullif(actions, 0) as completion_rate,
    reported / nullif(actions, 0) as reporting_rate,
    (completed + actions - reported) / nullif(actions, 0) as upper_bound,
    elapsed
from curve
order by on_date
