-- What stands behind the status of each report, step by step: as the report's row states it, then as staff say.
-- Grain: one row a report and step; of a step that both state, staff's.
insert into snapshot.evidence_steps
with staged as (
    select 'progress_reports' as kind, row_no, reviewed_by, reviewed_on from staged_progress_reports
    union all
    select 'actions', row_no, reviewed_by, reviewed_on from staged_actions
),

reports as (
    select
        r.report_no,
        r.report_key,
        r.action_no,
        r.action_id,
        r.reported_on,
        r.evidence,
        r.evidence_source,
        r.reviewed_on,
        r.verified_on,
        s.reviewed_by is not null or s.reviewed_on is not null as is_reviewed
    from snapshot.progress_reports as r
    inner join kept_reports as k on r.report_no = k.report_no
    inner join staged as s on k.kind = s.kind and k.row_no = s.row_no
    where r.action_no is not null and r.evidence is not null
),

told as (
    select
        report_no,
        unnest(list_filter([
            {
                'step': 'claimed', 'on_date': reported_on, 'source': null::varchar, 'decided_by': 'stakeholder',
                'is_stated': true
            },
            {
                'step': 'evidenced', 'on_date': reported_on, 'source': evidence_source, 'decided_by': 'stakeholder',
                'is_stated': evidence_source is not null
            },
            {
                'step': 'reviewed', 'on_date': reviewed_on, 'source': null::varchar, 'decided_by': 'secretariat',
                'is_stated': is_reviewed
            },
            {
                'step': 'verified', 'on_date': verified_on, 'source': null::varchar, 'decided_by': 'independent',
                'is_stated': evidence = 'verified'
            }
        ], lambda each: each.is_stated)) as step
    from reports
),

settled as (
    select r.report_no, d.*
    from decided_evidence as d
    inner join reports as r on d.report_key = r.report_key
    qualify row_number() over (partition by r.report_no, d.step order by d.line) = 1
),

merged as (
    select
        t.report_no,
        t.step.step,
        t.step.on_date,
        t.step.source,
        t.step.decided_by,
        null::date as decided_on,
        null::bigint as line
    from told as t
    where not exists (
        select 1 from settled as d
        where t.report_no = d.report_no and (d.step = t.step.step or d.step = 'claimed' and t.step.step <> 'claimed')
    )
    union all
    select
        d.report_no,
        d.step,
        if(d.step = 'claimed', r.reported_on, d.on_date),
        d.source,
        'staff',
        try_cast(d.decided_on as date),
        d.line
    from settled as d
    inner join reports as r on d.report_no = r.report_no
)

select
    r.action_no, r.action_id, m.report_no, m.step, m.on_date, m.source, m.decided_by, m.decided_on, m.line
from merged as m
inner join reports as r on m.report_no = r.report_no
order by r.action_no, m.report_no, list_position(['claimed', 'evidenced', 'reviewed', 'verified'], m.step);

-- What staff said is the report's own as well: its furthest step, its proof, its days.
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
    group by report_no
    having bool_or(decided_by = 'staff')
) as e
where r.report_no = e.report_no;
