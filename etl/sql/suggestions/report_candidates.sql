-- To which actions may the reports that match none belong? Those of their stakeholder, those that share their id or
-- their title. `near_makers` are stakeholders written almost like the report's.
-- Grain: one row a subject (stakeholder, title and id as several reports may name them), action and reason.
-- Parameters: actions, how many a stakeholder may have.
create table report_candidates as
with makers as (
    select k.stakeholder_key, count(*) as actions
    from kept_actions as a
    inner join action_keys as k on a.row_no = k.row_no
    group by 1
),

actions as (
    select a.action_no, k.stakeholder_key, k.base_key, k.title_key, m.actions
    from kept_actions as a
    inner join action_keys as k on a.row_no = k.row_no
    inner join makers as m on k.stakeholder_key is not distinct from m.stakeholder_key
)

select s.subject_no, a.action_no, 1.0 as maker, a.actions, 'maker' as reason
from report_subjects as s
inner join actions as a on s.stakeholder_key = a.stakeholder_key and a.actions <= $actions
where s.stakeholder_key <> ''
union all
select s.subject_no, a.action_no, 1.0, a.actions, 'maker'
from report_subjects as s
inner join actions as a
    on s.stakeholder_key = a.base_key and a.base_key <> a.stakeholder_key and a.actions <= $actions
union all
select s.subject_no, a.action_no, n.score, a.actions, 'near_maker'
from report_subjects as s
inner join near_makers as n on s.stakeholder_key = n.written
inner join actions as a on n.known = a.stakeholder_key and a.actions <= $actions
union all
select s.subject_no, a.action_no, 0.0, a.actions, 'title'
from report_subjects as s
inner join actions as a on s.title_key = a.title_key
where contains(s.title_key, ' ')
union all
select s.subject_no, r.action_no, 0.0, 0, 'id'
from report_subjects as s
inner join action_refs as r on loose_id(s.ref) = loose_id(r.ref);
