-- Which subjects do the reports name that match no action?
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
select distinct stakeholder_key as written
from report_subjects
where stakeholder_key <> '' and stakeholder_key not in (
    select stakeholder_key from action_keys where stakeholder_key is not null
    union all
    select base_key from action_keys where base_key is not null
);

create table near_makers (written varchar, known varchar, score double);
