-- From which day to which day is which step of evidence the furthest behind an action's status? A step counts for as
-- long as the reports in force state the same base status, from its own day on, and not before the report it stands
-- behind. What was done after the day the figures stand at counts on that day.
-- Grain: one row an action and spell; none where no status is understood.
insert into snapshot.evidence_spells
with told as (
    select
        *,
        lag(base_status) over (partition by action_no order by place) as status_before
    from ordered_reports
),

numbered as (
    select
        *,
        count(*) filter (where base_status is distinct from status_before) over (
            partition by action_no
            order by place
        ) as run_no
    from told
),

runs as (
    select action_no, run_no, max(next_on) as ends_on
    from numbered
    where base_status is not null
    group by action_no, run_no
),

steps as (
    select
        n.action_no,
        n.run_no,
        greatest(n.counts_from, least(coalesce(e.on_date, n.counts_from), c.last_date)) as starts_on,
        {
            'step_no': list_position(['claimed', 'evidenced', 'reviewed', 'verified'], e.step),
            'place': n.place,
            'report_no': n.report_no
        } as step
    from snapshot.evidence_steps as e
    inner join numbered as n on e.report_no = n.report_no
    cross join snapshot.campaign as c
),

furthest as (
    select
        action_no,
        run_no,
        starts_on,
        max(max(step)) over (partition by action_no, run_no order by starts_on) as step
    from steps
    group by action_no, run_no, starts_on
),

further as (
    select *
    from furthest
    qualify step is distinct from lag(step) over (partition by action_no, run_no order by starts_on)
),

spells as (
    select
        f.action_no,
        f.starts_on,
        least(lead(f.starts_on, 1, r.ends_on) over (partition by f.action_no, f.run_no order by f.starts_on), r.ends_on)
            as ends_on,
        f.step
    from further as f
    inner join runs as r on f.action_no = r.action_no and f.run_no = r.run_no
)

select action_no, starts_on, ends_on, step.step_no, step.report_no
from spells
where starts_on < ends_on
order by action_no, starts_on;
