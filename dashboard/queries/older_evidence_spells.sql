-- Which step is the furthest from which day on in a snapshot of an older program? What the report in force states of
-- itself, for as long as it is in force.
-- Grain: one row an action and spell, as in the table that this view stands for.
-- Parameters: none.
create view evidence_spells as
select
    s.action_no,
    s.valid_from,
    s.valid_to,
    list_position(['claimed', 'evidenced', 'reviewed', 'verified'], r.evidence)::utinyint as step_no,
    s.report_no
from report_spells as s
inner join progress_reports as r on s.report_no = r.report_no
where r.evidence is not null
