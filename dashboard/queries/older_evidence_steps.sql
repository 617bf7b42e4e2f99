-- What stands behind a status, step by step, in a snapshot of an older program? What the report states of itself.
-- Grain: one row a report and step, as in the table that this view stands for.
-- Parameters: none.
create view evidence_steps as
with told as (
    select
        action_no,
        action_id,
        report_no,
        unnest(list_filter([
            { 'step': 'claimed', 'on_date': reported_on, 'source': null::varchar, 'decided_by': 'stakeholder' },
            { 'step': 'evidenced', 'on_date': reported_on, 'source': evidence_source, 'decided_by': 'stakeholder' },
            { 'step': 'reviewed', 'on_date': reviewed_on, 'source': null::varchar, 'decided_by': 'secretariat' },
            { 'step': 'verified', 'on_date': verified_on, 'source': null::varchar, 'decided_by': 'independent' }
        ], lambda each: case each.step
            when 'evidenced' then each.source is not null
            when 'reviewed' then each.on_date is not null or evidence = 'reviewed'
            when 'verified' then evidence = 'verified'
            else true
        end)) as step
    from progress_reports
    where action_no is not null and evidence is not null
)

select
    action_no,
    action_id,
    report_no,
    step.step,
    step.on_date,
    step.source,
    step.decided_by,
    null::date as decided_on,
    null::bigint as line
from told
