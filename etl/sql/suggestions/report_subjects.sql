-- What do the reports that match no action say about the action they mean?
-- Grain: one row a subject, with the keys of its reports; then one row a stakeholder that made no action.
create table report_subjects as
with grouped as (
    select l.stakeholder_key, l.title_key, l.ref, list(distinct r.report_key order by r.report_key) as report_keys
    from snapshot.progress_reports as r
    inner join left_over as l on l.kind = 'progress_reports' and r.report_no = l.row_no
    where r.action_no is null
    group by all
)

select row_number() over (order by report_keys[1]) as subject_no, * from grouped;

create table unknown_makers as
select distinct s.stakeholder_key as written
from report_subjects as s
anti join action_keys as k on s.stakeholder_key in (k.stakeholder_key, k.base_key)
where s.stakeholder_key <> '';

create table near_makers (written varchar, known varchar, score double);
