-- Which action does each classification row, progress report, milestone, event and story speak of?
-- By id where the id belongs to one action (or to one of this stakeholder), else by stakeholder and title.
-- Grain: one row a row that was matched.
create view wanted as
select 'classification' as kind, row_no, submission_id as ref, stakeholder, title from staged_classification
union all
select 'progress_reports', row_no, submission_id, stakeholder, title from staged_progress_reports
union all
select 'milestones', row_no, submission_id, stakeholder, title from staged_milestones
union all
select 'events', row_no, submission_id, null, null from staged_events
union all
select 'stories', row_no, submission_id, null, null from staged_stories;

create table matched as
with sole_refs as (
    select ref, min(action_no) as action_no from action_refs group by ref having count(distinct action_no) = 1
)

select w.kind, w.row_no, s.action_no, 'id' as matched_by
from wanted as w
inner join sole_refs as s on w.ref = s.ref;

insert into matched
with left_over as (
    select w.kind, w.row_no, w.ref, fold(w.stakeholder) as stakeholder_key, fold(w.title) as title_key
    from wanted as w
    anti join matched as m on w.kind = m.kind and w.row_no = m.row_no
    where w.stakeholder is not null
),

by_id as (
    select l.kind, l.row_no, min(r.action_no) as action_no
    from left_over as l
    inner join action_refs as r on l.ref = r.ref and l.stakeholder_key = r.stakeholder_key
    group by all
    having count(distinct r.action_no) = 1
)

select
    l.kind,
    l.row_no,
    coalesce(b.action_no, n.action_no),
    case when b.action_no is not null then 'id' else 'stakeholder_title' end
from left_over as l
left join by_id as b on l.kind = b.kind and l.row_no = b.row_no
left join action_names as n on l.stakeholder_key = n.stakeholder_key and l.title_key = n.title_key
where b.action_no is not null or n.action_no is not null;
