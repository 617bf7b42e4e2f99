-- Which progress reports do these actions have, by the day?
-- Grain: one row a report, by action in the register's order; with `everything` also those that match no action.
-- Parameters: selection; lang; everything; step_words, role_words (in that language); first, last (action_no of a
-- portion).
with labels as (select * from labels_in($lang) where codelist = 'statuses'),

chosen as (
    select action_no, report_no
    from selected_actions($selection)
    where action_no between $first and $last
)

select
    r.action_id,
    coalesce(r.action_title, a.title) as action_title,
    stakeholder_in(coalesce(r.stakeholder, a.stakeholder), $lang) as stakeholder,
    r.reported_on,
    coalesce(statuses.label, r.status, 'unclassified') as status,
    coalesce(details.label, r.status_code) as status_detail,
    r.percent,
    r.completed_on,
    r.wave,
    r.narrative,
    step_in(r.evidence, $step_words::varchar[]) as evidence,
    r.evidence_source,
    r.reviewed_on,
    r.verified_on,
    role_in(f.decided_by, $role_words::varchar[]) as evidence_by,
    c.report_no is not null as is_latest,
    r.report_no,
    r.report_id,
    r.language as language_code,
    coalesce(r.status, 'unclassified') as status_code,
    r.status_code as status_detail_code,
    r.evidence as evidence_code,
    f.decided_by as evidence_by_code,
    r.source_file,
    r.source_sheet,
    r.source_row
from progress_reports as r
left join chosen as c on r.report_no = c.report_no
left join actions as a on r.action_no = a.action_no
left join evidence_steps as f on r.report_no = f.report_no and r.evidence = f.step
left join labels as statuses on coalesce(r.status, 'unclassified') = statuses.code
left join labels as details on r.status_code = details.code
where
    r.reported_on <= $as_of
    and (r.action_no in (select action_no from chosen) or ($everything::boolean and r.action_no is null))
order by r.action_no nulls last, r.report_no
