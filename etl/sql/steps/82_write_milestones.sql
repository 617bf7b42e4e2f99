-- Milestones, joined to their action by id, by stakeholder and title, through the row they stand below in a repeat, or
-- through the report they came with.
-- A repeated milestone under the same label is one milestone: the last report of it is kept, by its own day and moment
-- or those of the report it came with, else by its place in the files. Its due day is the last one that was told.
-- Grain: one row a milestone.
-- Nothing without: staged_milestones.
create table milestone_rows as
with reports as (
    select
        r.report_id, min(r.action_no) as action_no, max(r.submitted_at) as told_at,
        max(coalesce(r.submitted_at_day, r.reported_on)) as told_on
    from report_rows as r
    semi join staged_milestones as s on r.report_id = s.report_id
    where r.action_no is not null
    group by r.report_id
    having count(distinct r.action_no) = 1
)

select
    s.row_no,
    s.sheet_no,
    s.source_row,
    s.submission_id,
    s.stakeholder,
    s.title,
    s.report_id,
    s.label,
    s.due_on,
    s.reached_on,
    coalesce(m.action_no, r.action_no) as action_no,
    coalesce(s.told_at, i.told_at, r.told_at) as told_at,
    coalesce(s.told_at_day, i.told_on, r.told_on) as told_on,
    fold(s.label) as label_key
from staged_milestones as s
left join matched as m on m.kind = 'milestones' and s.row_no = m.row_no
left join inherited as i on i.kind = 'milestones' and s.row_no = i.row_no
left join reports as r on i.row_no is null and s.report_id = r.report_id;

-- Nothing without: milestone_rows.
insert into rejections
select
    'milestones',
    sheet_no,
    source_row,
    case when label is null then 'label' else 'submission_id' end,
    case when label is not null then coalesce(submission_id, report_id, stakeholder) end,
    case
        when label is null then 'the milestone has no label'
        when (sheet_no, source_row) in (select sheet_no, source_row from orphan_rows)
            then 'the row it belongs to is not in this export'
        else 'the milestone belongs to no action that is known'
    end
from milestone_rows
where label is null or action_no is null;

-- Nothing without: milestone_rows.
create table kept_milestones as
select
    arg_max(
        row_no, (coalesce(told_on, date '0001-01-01'), coalesce(told_at, timestamptz '0001-01-01'), row_no)
    ) as row_no,
    arg_max(  -- of those that tell one
        due_on, (coalesce(told_on, date '0001-01-01'), coalesce(told_at, timestamptz '0001-01-01'), row_no)
    ) as due_on,
    action_no,
    label_key
from milestone_rows
where label is not null and action_no is not null
group by action_no, label_key;

-- Nothing without: kept_milestones.
insert into merged_away
select
    'milestones',
    s.sheet_no,
    s.source_row,
    a.action_id,
    'the milestone is told again: the last telling is kept'
from milestone_rows as s
inner join kept_milestones as k on s.action_no = k.action_no and s.label_key = k.label_key and s.row_no <> k.row_no
inner join kept_actions as a on s.action_no = a.action_no
where s.label is not null;

-- Nothing without: kept_milestones.
insert into snapshot.milestones
select
    (row_number() over (order by s.row_no))::integer, s.action_no, a.action_id, s.label, k.due_on, s.reached_on,
    s.told_on, f.source_file, f.sheet, s.source_row
from milestone_rows as s
inner join kept_milestones as k on s.row_no = k.row_no
inner join kept_actions as a on s.action_no = a.action_no
inner join sheets as f on s.sheet_no = f.sheet_no
order by 1;
