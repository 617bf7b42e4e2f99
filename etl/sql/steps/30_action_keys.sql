-- Which submissions can be actions, and by what are they known?
-- A row without title and id cannot be an action. An id that staff told apart from another (`apart`) is merged with
-- rows of the same id only. `own_id` is the id that the row would have alone, whatever staff decided.
-- Grain: one row an accepted or merged submission.
create table action_keys as
with keyed as (
    select
        s.row_no,
        s.sheet_no,
        s.submission_id,
        s.submission_ref,
        n.folded as stakeholder_folded,
        n.base_key,
        coalesce(i.key, n.base_key) as first_key,
        fold(s.title) as title_key,
        s.submitted_at
    from staged_actions as s
    left join stakeholder_names as n on s.stakeholder = n.spelling
    left join institution_rows as i on n.is_institution and s.row_no = i.row_no
    where s.title is not null or s.submission_id is not null
),

named as (
    select
        *,
        coalesce(
            submission_id, 'a_' || left(md5(concat_ws('|', coalesce(first_key, ''), title_key)), 16)
        ) as own_id
    from keyed
)

select k.*, coalesce(r.root, k.first_key) as stakeholder_key, coalesce(a.own_id, '') as apart
from named as k
left join stakeholder_roots as r on k.first_key = r.key
left join actions_apart as a on k.own_id = a.own_id;

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
    select stakeholder_key, title_key, apart, min(row_no) as first_row
    from action_keys
    where stakeholder_key <> '' and title_key <> ''
    group by all
    having count(*) > 1
),

-- The targets of one commitment bear its id, whatever they are called.
by_target as (
    select sheet_no, submission_id, min(row_no) as first_row
    from action_keys
    where submission_id is not null and sheet_no in (select sheet_no from target_sheets)
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
inner join by_name as b
    on k.stakeholder_key = b.stakeholder_key and k.title_key = b.title_key and k.apart = b.apart
union all
select k.row_no, b.first_row, 'id'
from action_keys as k
inner join by_id_and_title as b on k.submission_id = b.submission_id and k.title_key = b.title_key
union all
select k.row_no, b.first_row, 'id'
from action_keys as k
inner join by_target as b on k.sheet_no = b.sheet_no and k.submission_id = b.submission_id;

create table action_roots as
select row_no, min(first_row) as root from action_links group by row_no;
