-- Which rows stand in an older version of a register whose newest version is here as well, and which are replaced?
-- The same id is the same action, whatever else has changed; where a version has no ids, the same stakeholder and title
-- are. A newer version's row replaces the same row. A row that no newer version has is gone, unless staff have decided
-- to keep its action. Rows that are no actions go with their file.
-- Grain: one row a row of an older version that names an action.
-- Parameter: missing, the words on a decision about no action.
create table superseded_rows as
with recursive keyed as (
    select
        s.row_no,
        s.sheet_no,
        s.source_row,
        v.family,
        v.version_no,
        v.is_newest,
        s.submission_id,
        coalesce(i.key, n.base_key, '') as first_key,
        coalesce(fold(s.title), '') as title_key,
        s.title,
        s.stakeholder,
        s.stakeholder_group
    from staged_actions as s
    inner join sheets as f on s.sheet_no = f.sheet_no
    inner join file_versions as v on f.file_name = v.file_name
    left join stakeholder_names as n on s.stakeholder = n.spelling
    left join institution_rows as i on n.is_institution and s.row_no = i.row_no
    where s.title is not null or s.submission_id is not null
),

newer as (
    select o.row_no, max_by(n, (n.version_no, n.row_no)) as found
    from keyed as o
    inner join keyed as n
        on o.family = n.family and o.submission_id = n.submission_id and o.version_no < n.version_no
    group by o.row_no
    union all
    select o.row_no, max_by(n, (n.version_no, n.row_no))
    from keyed as o
    inner join keyed as n
        on o.family = n.family and o.first_key = n.first_key and o.title_key = n.title_key
        and o.version_no < n.version_no
    where o.title_key <> '' and (o.submission_id is null or n.submission_id is null)
    group by o.row_no
),

best as (
    select row_no, max_by(found, (found.version_no, found.row_no)) as found from newer group by row_no
),

-- The found version may itself have a newer one.
climbed as (
    select row_no, found.row_no as top_row, found.is_newest, 1 as steps from best
    union all
    select c.row_no, b.found.row_no, b.found.is_newest, c.steps + 1
    from climbed as c
    inner join best as b on c.top_row = b.row_no
),

tops as (
    select row_no, max_by(top_row, steps) as newer_row, max_by(is_newest, steps) as is_in_newest
    from climbed
    group by row_no
),

named as (
    select
        k.* exclude (is_newest),
        coalesce(
            t.submission_id, 'a_' || left(md5(concat_ws('|', t.first_key, t.title_key)), 16)
        ) as action_id,
        action_id as own_action_id,
        if(t.submission_id is null, hidden_id(action_id), null) as hidden_action_id,
        u.newer_row,
        coalesce(u.is_in_newest, false) as is_in_newest
    from keyed as k
    left join tops as u on k.row_no = u.row_no
    inner join keyed as t on coalesce(u.newer_row, k.row_no) = t.row_no
    where not k.is_newest
),

asked_to_keep as (select distinct this from decided where verb = 'keep')

select
    n.*,
    case
        when n.is_in_newest then 'replaced'
        when k.this is null and h.this is null then 'gone'
        when n.newer_row is not null then 'replaced'
        else 'kept'
    end as fate
from named as n
left join asked_to_keep as k on n.action_id = k.this
left join asked_to_keep as h on n.hidden_action_id = h.this;

create table superseded_sheets as
select s.sheet_no
from sheets as s
inner join file_versions as v on s.file_name = v.file_name
where not v.is_newest and s.kind is not null;

insert into rejections
select
    'actions', sheet_no, source_row, null, null,
    'no longer in the newest version of the register: gone, unless staff decide to keep it'
from superseded_rows
where fate = 'gone';

-- Rows that are no actions are not looked for in the newer version: they go with their file.
create table gone_with_file as
select distinct kind, sheet_no, source_row
from staged_rows
where kind <> 'actions' and is_own and sheet_no in (select sheet_no from superseded_sheets);

insert into merged_away
select kind, sheet_no, source_row, null, 'a newer version of the file replaces it' from gone_with_file;

delete from staged_classification where sheet_no in (select sheet_no from superseded_sheets);
delete from staged_milestones where sheet_no in (select sheet_no from superseded_sheets);
delete from staged_results
where
    sheet_no in (select sheet_no from superseded_sheets)
    and (sheet_no, source_row) not in (select sheet_no, source_row from superseded_rows where fate = 'kept');
delete from staged_events where sheet_no in (select sheet_no from superseded_sheets);
delete from staged_stories where sheet_no in (select sheet_no from superseded_sheets);
delete from staged_annotations where sheet_no in (select sheet_no from superseded_sheets);
delete from staged_progress_reports where sheet_no in (select sheet_no from superseded_sheets) and not in_register;
delete from staged_progress_reports
where in_register and (sheet_no, source_row) in (
    select sheet_no, source_row from superseded_rows where fate <> 'kept'
);
delete from staged_actions where row_no in (select row_no from superseded_rows where fate <> 'kept');

update decided
set why_not = $missing
where verb in ('gone', 'keep')
    and this not in (
        select action_id from superseded_rows where fate in ('gone', 'kept')
        union all
        select hidden_action_id from superseded_rows where fate in ('gone', 'kept') and hidden_action_id is not null
    );
