-- Which row does each row of a repeat belong to?
-- A repeat is a question that a form asks several times inside one answer: KoboToolbox puts it on its own sheet, ODK
-- Central into its own file. The parent is looked for inside one export. It is the row with that key on the sheet that
-- the child names; where the child names a missing sheet, only a sheet that is no repeat itself will do, and only after
-- every other key has failed. Where several rows qualify, none is taken.
-- Grain: one row a row and each row it stands below (level 1 is the nearest).
-- Nothing without: row_parents.
create table found_parents as
with candidates as (
    select
        p.sheet_no,
        p.source_row,
        k.sheet_no as parent_sheet_no,
        k.source_row as parent_row,
        p.rank + if(p.table_name is null or is_same_table(p.table_name, k.table_name), 0, 100) as place
    from row_parents as p
    inner join row_keys as k
        on p.container = k.container and p.rank = k.rank and p.value = k.value and p.sheet_no <> k.sheet_no
    where p.table_name is null or is_same_table(p.table_name, k.table_name) or not k.is_repeat
),

sole as (
    select sheet_no, source_row, place, min(parent_sheet_no) as parent_sheet_no, min(parent_row) as parent_row
    from candidates
    group by sheet_no, source_row, place
    having count(*) = 1
)

select
    sheet_no,
    source_row,
    arg_min(parent_sheet_no, place) as parent_sheet_no,
    arg_min(parent_row, place) as parent_row
from sole
group by sheet_no, source_row;

-- Nothing without: found_parents.
create table ancestors as
with recursive above as (
    select sheet_no, source_row, 1 as level, parent_sheet_no, parent_row from found_parents
    union all
    select a.sheet_no, a.source_row, a.level + 1, p.parent_sheet_no, p.parent_row
    from above as a
    inner join found_parents as p on a.parent_sheet_no = p.sheet_no and a.parent_row = p.source_row
    where a.level < 5
)

from above;

-- Nothing without: row_parents.
create table orphan_rows as
select distinct sheet_no, source_row
from row_parents
anti join found_parents as f using (sheet_no, source_row);

-- A row that the recipe leaves out takes its repeats with it.
-- Nothing without: ancestors.
create table fallen_rows as
select distinct a.sheet_no, a.source_row
from ancestors as a
inner join rejections as r on a.parent_sheet_no = r.sheet_no and a.parent_row = r.source_row and r.kind is not null
anti join rejections as own on a.sheet_no = own.sheet_no and a.source_row = own.source_row;

-- Nothing without: fallen_rows.
insert into rejections
select s.kind, f.sheet_no, f.source_row, null, null, 'the row it belongs to is left out'
from fallen_rows as f
inner join sheets as s on f.sheet_no = s.sheet_no;

-- Nothing without: fallen_rows.
delete from staged_actions where (sheet_no, source_row) in (select sheet_no, source_row from fallen_rows);
-- Nothing without: fallen_rows.
delete from staged_classification where (sheet_no, source_row) in (select sheet_no, source_row from fallen_rows);
-- Nothing without: fallen_rows.
delete from staged_progress_reports where (sheet_no, source_row) in (select sheet_no, source_row from fallen_rows);
-- Nothing without: fallen_rows.
delete from staged_milestones where (sheet_no, source_row) in (select sheet_no, source_row from fallen_rows);
-- Nothing without: fallen_rows.
delete from staged_results where (sheet_no, source_row) in (select sheet_no, source_row from fallen_rows);
-- Nothing without: fallen_rows.
delete from staged_events where (sheet_no, source_row) in (select sheet_no, source_row from fallen_rows);
-- Nothing without: fallen_rows.
delete from staged_stories where (sheet_no, source_row) in (select sheet_no, source_row from fallen_rows);
-- Nothing without: fallen_rows.
delete from staged_annotations where (sheet_no, source_row) in (select sheet_no, source_row from fallen_rows);

-- The nearest submission or report above each row.
-- Nothing without: ancestors.
create table parent_rows as
with named as (
    select
        'actions' as kind, row_no, sheet_no, source_row, submission_id, submission_ref, stakeholder, title,
        null as report_id, submitted_at, submitted_at_day, coalesce(submitted_at_day, reported_on) as told_on
    from staged_actions
    where sheet_no in (select parent_sheet_no from ancestors)
    union all
    select
        'progress_reports', row_no, sheet_no, source_row, submission_id, submission_ref, stakeholder, title,
        report_id, submitted_at, submitted_at_day, coalesce(submitted_at_day, reported_on)
    from staged_progress_reports
    where sheet_no in (select parent_sheet_no from ancestors)
)

select a.sheet_no, a.source_row, n.* exclude (sheet_no, source_row)
from ancestors as a
inner join named as n on a.parent_sheet_no = n.sheet_no and a.parent_row = n.source_row
qualify row_number() over (partition by a.sheet_no, a.source_row order by a.level, n.kind, n.row_no) = 1;

-- Rows that name no action of their own: theirs is the one of the row they belong to.
-- Nothing without: parent_rows.
create table inherited as
with unnamed as (
    select kind, row_no, sheet_no, source_row
    from staged_rows
    where
        kind <> 'actions'
        and submission_id is null
        and (title is null or kind in ('events', 'stories'))
        and (kind <> 'results' or is_own)
)

select
    u.kind, u.row_no, p.kind as parent_kind, p.row_no as parent_row_no, p.submitted_at as told_at,
    p.told_on
from parent_rows as p
inner join unnamed as u on p.sheet_no = u.sheet_no and p.source_row = u.source_row;

-- Nothing without: parent_rows.
update staged_progress_reports as s
set
    submission_id = if(s.title is null, coalesce(s.submission_id, p.submission_id), s.submission_id),
    submission_ref = if(s.title is null, coalesce(s.submission_ref, p.submission_ref), s.submission_ref),
    title = if(s.submission_id is null, coalesce(s.title, p.title), s.title),
    stakeholder = coalesce(s.stakeholder, p.stakeholder),
    submitted_at = coalesce(s.submitted_at, p.submitted_at),
    submitted_at_day = coalesce(s.submitted_at_day, p.submitted_at_day)
from parent_rows as p
where s.sheet_no = p.sheet_no and s.source_row = p.source_row;

-- Nothing without: parent_rows.
update staged_actions as s
set
    stakeholder = coalesce(s.stakeholder, p.stakeholder),
    submitted_at = coalesce(s.submitted_at, p.submitted_at),
    submitted_at_day = coalesce(s.submitted_at_day, p.submitted_at_day)
from parent_rows as p
where s.sheet_no = p.sheet_no and s.source_row = p.source_row;

-- Nothing without: parent_rows.
update staged_milestones as s
set report_id = coalesce(s.report_id, p.report_id)
from parent_rows as p
where s.sheet_no = p.sheet_no and s.source_row = p.source_row;

-- Nothing without: parent_rows; staged_results.
update staged_results as s
set report_id = coalesce(s.report_id, p.report_id)
from parent_rows as p
where s.sheet_no = p.sheet_no and s.source_row = p.source_row and s.block_no is null;
