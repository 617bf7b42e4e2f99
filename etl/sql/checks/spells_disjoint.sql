-- severity: error
-- Which actions have two reports, or two furthest steps of evidence, in force on the same day?
-- Grain: one row an offending pair.
with spells as (
    select 'report' as kind, action_no, report_no as number, valid_from, valid_to from snapshot.report_spells
    union all
    select 'evidence', action_no, step_no, valid_from, valid_to from snapshot.evidence_spells
)

select a.kind, a.action_no, a.number, b.number as other_number
from spells as a
inner join spells as b
    on a.kind = b.kind
    and a.action_no = b.action_no
    and a.number < b.number
    and a.valid_from < b.valid_to
    and a.valid_to > b.valid_from;
