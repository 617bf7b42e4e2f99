-- From which day to which day is which step of evidence the furthest behind an action's status? A step counts as long
-- as the reports in force state the same base status, from its own day on, and not before the report it supports. A
-- step after the last day of the figures counts on that day.
-- Grain: one row an action and spell; none where no status is understood.
-- Nothing without: ordered_reports.
insert into snapshot.evidence_spells
with runs as (
    select run_no, max(next_on) as ends_on
    from ordered_reports
    where base_status is not null
    group by run_no
),

-- rank: of two steps of a run the further one is greater, of the same step that of the later report, and all of the
-- next run are greater still.
steps as (
    select
        n.action_no,
        n.run_no,
        n.report_no,
        r.ends_on,
        greatest(n.counts_from, least(coalesce(e.on_date, n.counts_from), c.last_date)) as starts_on,
        list_position(['claimed', 'evidenced', 'reviewed', 'verified'], e.step) as step_no,
        (n.run_no::hugeint << 36) + (step_no::hugeint << 33) + n.place as rank
    from snapshot.evidence_steps as e
    inner join ordered_reports as n on e.report_no = n.report_no
    inner join runs as r on n.run_no = r.run_no
    cross join snapshot.campaign as c
    order by n.run_no, starts_on, rank desc
),

-- The values greater than all before them.
reached as (
    select *, max(rank) over (rows unbounded preceding) as furthest -- noqa: PRS
    from steps
),

further as (
    select *
    from reached
    qualify furthest is distinct from lag(furthest) over ()
),

spells as (
    select
        action_no,
        starts_on,
        least(if(lead(run_no) over () = run_no, lead(starts_on) over (), ends_on), ends_on) as ends_on,
        step_no,
        report_no
    from further
)

select action_no, starts_on, ends_on, step_no, report_no
from spells
where starts_on < ends_on
order by action_no, starts_on;
