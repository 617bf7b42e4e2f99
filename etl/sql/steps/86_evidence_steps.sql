-- The evidence for the status of each report, step by step: from the report's row, then from staff.
-- Grain: one row a report and step; of a step that both state, staff's.
-- Nothing without: snapshot.progress_reports.
create view evidenced_reports as
select report_no, report_key, action_no, action_id, reported_on, evidence, evidence_source, reviewed_on, verified_on
from snapshot.progress_reports
where action_no is not null and evidence is not null;

-- Reports whose row names the reviewer; one that was verified as well may have no other sign of it.
-- Nothing without: snapshot.progress_reports.
create view reviewed_reports as
select k.report_no
from kept_reports as k
inner join staged_progress_reports as s on k.row_no = s.row_no
where k.kind = 'progress_reports' and s.reviewed_by is not null
union all
select k.report_no
from kept_reports as k
inner join staged_actions as s on k.row_no = s.row_no
where k.kind = 'actions' and s.reviewed_by is not null;

-- The first of several lines on a step.
-- Grain: one row a report and step of which staff say something.
-- Nothing without: snapshot.progress_reports; decided_evidence.
create table settled_steps as
select
    r.report_no,
    r.action_no,
    r.action_id,
    r.reported_on,
    d.* exclude (report_key),
    list_position(['claimed', 'evidenced', 'reviewed', 'verified'], d.step) as step_no
from decided_evidence as d
inner join evidenced_reports as r on d.report_key = r.report_key
qualify row_number() over (partition by r.report_no, d.step order by d.line) = 1;

-- Nothing without: snapshot.progress_reports.
insert into snapshot.evidence_steps
with told as (
    select
        report_no, action_no, action_id, 1 as step_no, reported_on as on_date, null::varchar as source,
        'stakeholder' as decided_by
    from evidenced_reports
    union all
    select report_no, action_no, action_id, 2, reported_on, evidence_source, 'stakeholder'
    from evidenced_reports
    where evidence_source is not null
    union all
    select report_no, action_no, action_id, 3, reviewed_on, null, 'secretariat'
    from evidenced_reports
    where
        evidence = 'reviewed'
        or reviewed_on is not null
        or (evidence = 'verified' and report_no in (select v.report_no from reviewed_reports as v))
    union all
    select report_no, action_no, action_id, 4, verified_on, null, 'independent'
    from evidenced_reports
    where evidence = 'verified'
),

-- The line "claimed" alone withdraws all other steps.
replaced as (
    select report_no, step_no from settled_steps
    union
    select report_no, unnest([2, 3, 4]) from settled_steps where step_no = 1
),

merged as (
    select t.*, null::date as decided_on, null::bigint as line
    from told as t
    anti join replaced as p on t.report_no = p.report_no and t.step_no = p.step_no
    union all
    select
        report_no,
        action_no,
        action_id,
        step_no,
        if(step_no = 1, reported_on, on_date),
        source,
        'staff',
        try_cast(decided_on as date),
        line
    from settled_steps
)

select
    action_no,
    action_id,
    report_no,
    ['claimed', 'evidenced', 'reviewed', 'verified'][step_no],
    on_date,
    source,
    decided_by,
    decided_on,
    line
from merged
order by action_no, report_no, step_no;

-- The steps of staff are the report's own as well: its furthest step, its proof, its days.
-- Nothing without: snapshot.evidence_steps where decided_by = 'staff'.
update snapshot.progress_reports as r
set
    evidence = e.evidence,
    evidence_source = e.source,
    reviewed_on = e.reviewed_on,
    verified_on = e.verified_on
from (
    select
        report_no,
        case
            when bool_or(step = 'verified') then 'verified'
            when bool_or(step = 'reviewed') then 'reviewed'
            when bool_or(step = 'evidenced') then 'evidenced'
            else 'claimed'
        end as evidence,
        any_value(source) filter (where step = 'evidenced') as source,
        any_value(on_date) filter (where step = 'reviewed') as reviewed_on,
        any_value(on_date) filter (where step = 'verified') as verified_on
    from snapshot.evidence_steps
    where report_no in (select s.report_no from snapshot.evidence_steps as s where s.decided_by = 'staff')
    group by report_no
) as e
where r.report_no = e.report_no;
