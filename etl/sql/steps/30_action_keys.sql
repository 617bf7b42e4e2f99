-- Which submissions can be actions, and which keys identify them?
-- A row without title and id cannot be an action. `own_id` is the id that the row would have alone. `named_action` is
-- an id that names the action: two that differ are two actions (but not by leading zeros, which spreadsheets lose); a
-- form tool's id of a submission says nothing about that. `apart` is the mark of a row that staff told apart (by id or
-- by name): it is merged with rows of the same mark.
-- Grain: one row an accepted or merged submission.
create table action_keys as
with folded as (
    select *, fold_text(title) as title_key from staged_actions
),

keyed as (
    select
        s.row_no,
        s.sheet_no,
        s.submission_id,
        s.submission_ref,
        n.folded as stakeholder_folded,
        n.base_key,
        coalesce(i.key, n.base_key) as first_key,
        s.title_key,
        s.submitted_at,
        if(f.names_actions or f.one_row_one_action, s.submission_id, null) as named_action
    from folded as s
    inner join sheets as f on s.sheet_no = f.sheet_no
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

select k.*, coalesce(r.root, k.first_key) as stakeholder_key, coalesce(a.id, h.id, '') as apart
from named as k
left join stakeholder_roots as r on k.first_key = r.key
left join actions_apart as a on k.own_id = a.id
left join actions_apart as h on k.submission_id is null and hidden_id(k.own_id) = h.id;

-- A name for each submission that has no id and shares its action's with another: staff use it to tell it apart.
-- Grain: one row such a submission.
-- Nothing without: action_keys where submission_id is null.
create table submission_names as
with again as (
    select own_id from action_keys where submission_id is null group by own_id having count(*) > 1
),

numbered as (
    select
        k.row_no,
        k.title_key,
        k.submitted_at,
        f.one_row_one_action,
        row_number() over (partition by k.sheet_no, k.title_key, k.submitted_at order by k.row_no) as nth,
        row_number() over (partition by k.sheet_no, k.own_id order by k.row_no) as nth_of_action
    from action_keys as k
    semi join again as a on k.own_id = a.own_id
    inner join sheets as f on k.sheet_no = f.sheet_no
    where k.submission_id is null
)

select
    row_no,
    submission_name(title_key, submitted_at, nth) as name,
    if(one_row_one_action and nth_of_action > 1, 'row ' || nth_of_action, null) as own_row
from numbered;

-- The rows that staff told apart by that name, and every further row of a table in which one row is one action.
-- Nothing without: submission_names.
update action_keys as k
set apart = coalesce(a.id, n.own_row), own_id = coalesce(a.id, k.own_id)
from submission_names as n
left join actions_apart as a on a.id in (n.name, hidden_id(n.name))
where k.row_no = n.row_no and coalesce(a.id, n.own_row) is not null;

insert into rejections
select 'actions', sheet_no, source_row, 'title', null, 'neither title nor id: the row names no action'
from staged_actions
where title is null and submission_id is null;

-- Rows that are the same action: same id and stakeholder, same stakeholder and title (unless their ids name different
-- actions), or same id and title (unless several stakeholders share both inside one sheet: then the id is none, a page
-- about several makers say).
-- Grain: one row a submission and the first submission it shares a key with.
-- Nothing without: (from action_keys offset 1).
create table action_links as
with ids_again as (
    select submission_id from action_keys where submission_id is not null group by submission_id having count(*) > 1
),

titles_again as (
    select title_key from action_keys where title_key <> '' group by title_key having count(*) > 1
),

-- Few rows share an id or a title at all: only these are compared by more than that.
with_id as (
    select k.* from action_keys as k semi join ids_again as a on k.submission_id = a.submission_id
),

with_title as (
    select k.* from action_keys as k semi join titles_again as a on k.title_key = a.title_key
),

by_id as (
    select submission_id, stakeholder_key, min(row_no) as first_row
    from with_id
    where stakeholder_key <> ''
    group by all
    having count(*) > 1
),

by_name as (
    select
        stakeholder_key,
        title_key,
        apart,
        min(row_no) as first_row,
        coalesce(min(without_zeros(named_action)) <> max(without_zeros(named_action)), false) as are_several
    from with_title
    where stakeholder_key <> ''
    group by all
    having count(*) > 1
),

-- The targets of one commitment bear its id, whatever they are called.
by_target as (
    select sheet_no, submission_id, min(row_no) as first_row
    from with_id
    where sheet_no in (select sheet_no from target_sheets)
    group by all
    having count(*) > 1
),

-- Those without an id that names an action could be any of the several: they are an action of their own.
by_name_and_action as (
    select k.row_no, min(k.row_no) over (partition by b.first_row, without_zeros(k.named_action)) as first_row
    from with_title as k
    inner join by_name as b
        on b.are_several and k.stakeholder_key = b.stakeholder_key and k.title_key = b.title_key and k.apart = b.apart
),

by_id_and_title as (
    select submission_id, title_key, min(row_no) as first_row
    from with_id
    where title_key <> ''
    group by all
    having count(*) > 1
        and (count(distinct nullif(stakeholder_key, '')) <= 1 or count(distinct sheet_no) = count(*))
)

select k.row_no, b.first_row, 'id' as shared
from with_id as k
inner join by_id as b on k.submission_id = b.submission_id and k.stakeholder_key = b.stakeholder_key
union all
select k.row_no, b.first_row, 'stakeholder_title'
from with_title as k
inner join by_name as b
    on not b.are_several and k.stakeholder_key = b.stakeholder_key and k.title_key = b.title_key and k.apart = b.apart
union all
select row_no, first_row, 'stakeholder_title' from by_name_and_action
union all
select k.row_no, b.first_row, 'id'
from with_id as k
inner join by_id_and_title as b on k.submission_id = b.submission_id and k.title_key = b.title_key
union all
select k.row_no, b.first_row, 'id'
from with_id as k
inner join by_target as b on k.sheet_no = b.sheet_no and k.submission_id = b.submission_id;

-- Nothing without: action_links.
create table action_roots as
select row_no, min(first_row) as root from action_links group by row_no;
