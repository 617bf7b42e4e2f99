-- Which submissions can be actions, and by what are they known?
-- A row without title and id cannot be an action.
-- Grain: one row an accepted or merged submission.
create table action_keys as
select
    row_no,
    sheet_no,
    submission_id,
    submission_ref,
    fold(stakeholder) as stakeholder_key,
    fold(title) as title_key,
    submitted_at
from staged_actions
where title is not null or submission_id is not null;

insert into rejections
select 'actions', sheet_no, source_row, 'title', null, 'neither title nor id: the row names no action'
from staged_actions
where title is null and submission_id is null;

-- Rows that are the same action: same id and stakeholder, same stakeholder and title, or same id and title
-- (unless several stakeholders share both inside one sheet: then the id is none, a page about several makers say).
-- Grain: one row a submission and the first submission it shares a key with.
create table action_links as
with by_id as (
    select submission_id, stakeholder_key, min(row_no) as first_row
    from action_keys
    where submission_id is not null and stakeholder_key <> ''
    group by all
    having count(*) > 1
),

by_name as (
    select stakeholder_key, title_key, min(row_no) as first_row
    from action_keys
    where stakeholder_key <> '' and title_key <> ''
    group by all
    having count(*) > 1
),

by_id_and_title as (
    select submission_id, title_key, min(row_no) as first_row
    from action_keys
    where submission_id is not null and title_key <> ''
    group by all
    having count(*) > 1
        and (count(distinct nullif(stakeholder_key, '')) <= 1 or count(distinct sheet_no) = count(*))
)

select k.row_no, b.first_row, 'id' as shared
from action_keys as k
inner join by_id as b on k.submission_id = b.submission_id and k.stakeholder_key = b.stakeholder_key
union all
select k.row_no, b.first_row, 'stakeholder_title'
from action_keys as k
inner join by_name as b on k.stakeholder_key = b.stakeholder_key and k.title_key = b.title_key
union all
select k.row_no, b.first_row, 'id'
from action_keys as k
inner join by_id_and_title as b on k.submission_id = b.submission_id and k.title_key = b.title_key;

create table action_roots as
select row_no, min(first_row) as root from action_links group by row_no;
