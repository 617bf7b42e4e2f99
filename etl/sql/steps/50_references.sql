-- Which action is each classification row, progress report, milestone, result and annotation about?
-- The one that staff assigned; of what comes by link the one that the register shows under the id; else by id where the
-- id belongs to one action (or to one of this stakeholder), else by stakeholder and title, else by the id written
-- another way: other capitals, leading zeros, with or without the recipe's prefix. Where two actions qualify nothing is
-- guessed.
-- Grain: one row a row that was matched; a report that staff assigned to no action is taken out last.
-- Nothing without: (select 1 from staged_classification union all select 1 from staged_progress_reports
--     union all select 1 from staged_milestones union all select 1 from staged_results
--     union all select 1 from staged_annotations).
create view wanted as
select kind, row_no, submission_id as ref, submission_ref, stakeholder, title
from staged_rows
where
    kind in ('classification', 'progress_reports', 'milestones', 'annotations')
    or (kind = 'results' and is_own);

create table matched as
select 'progress_reports' as kind, row_no, action_no, 'decision' as matched_by from assigned_reports;

-- What comes by link names its action by the id that the register shows, which another action may have been given too.
-- Nothing without: sheets where recipe in ('reports_by_link', 'milestones_by_link', 'results_by_link',
--     'annotations_by_link').
insert into matched
select b.kind, b.row_no, k.action_no, 'id'
from staged_rows as b
inner join sheets as s
    on
        b.sheet_no = s.sheet_no
        and s.recipe in ('reports_by_link', 'milestones_by_link', 'results_by_link', 'annotations_by_link')
inner join kept_actions as k on b.submission_id = k.action_id
anti join assigned_reports as m on b.kind = 'progress_reports' and b.row_no = m.row_no
where b.kind in ('progress_reports', 'milestones', 'results', 'annotations');

-- Nothing without: wanted.
create table sole_refs as
select ref, min(action_no) as action_no
from action_refs
where ref in (select w.ref from wanted as w)
group by ref
having min(action_no) = max(action_no);

-- Nothing without: wanted.
insert into matched
select w.kind, w.row_no, s.action_no, 'id'
from wanted as w
inner join sole_refs as s on w.ref = s.ref
anti join matched as m on w.kind = m.kind and w.row_no = m.row_no;

-- Nothing without: wanted.
create table left_over as
with still as (
    select w.*
    from wanted as w
    anti join sole_refs as s on w.ref = s.ref
    anti join matched as m on w.kind = m.kind and w.row_no = m.row_no
),

named as (
    select s.*, coalesce(n.base_key || '@' || n.home, n.base_key) as first_key
    from still as s
    left join stakeholder_names as n on s.stakeholder = n.spelling
)

select n.* exclude (first_key), coalesce(r.root, n.first_key) as stakeholder_key, fold(n.title) as title_key
from named as n
left join stakeholder_roots as r on n.first_key = r.key;

-- Nothing without: left_over.
insert into matched
with by_id as (
    select l.kind, l.row_no, min(r.action_no) as action_no
    from left_over as l
    inner join action_refs as r on l.ref = r.ref and l.stakeholder_key in (r.stakeholder_key, r.base_key)
    group by all
    having min(r.action_no) = max(r.action_no)
),

named as (
    select k.stakeholder_key, k.title_key, g.kept_row
    from action_keys as k
    inner join action_groups as g on k.row_no = g.row_no
    union all
    -- A maker of which only the name without the country is known matches by the name alone.
    select k.base_key, k.title_key, g.kept_row
    from action_keys as k
    inner join action_groups as g on k.row_no = g.row_no
    where k.base_key <> k.stakeholder_key
    union all
    select k.stakeholder_key, fold(t.title), g.kept_row
    from renamed_actions as t
    inner join action_groups as g on t.row_no = g.kept_row
    inner join action_keys as k on g.row_no = k.row_no
),

action_names as (
    select stakeholder_key, title_key, min(kept_row)::integer as action_no
    from named
    where stakeholder_key <> '' and title_key <> ''
    group by all
    having min(kept_row) = max(kept_row)
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

-- In a round of reports about the actions of another sheet a title alone will do, where one of them has it.
-- Nothing without: left_over; sheets where is_round.
insert into matched
select l.kind, l.row_no, min(g.kept_row)::integer, 'title'
from left_over as l
inner join staged_progress_reports as p on l.row_no = p.row_no
inner join sheets as s on p.sheet_no = s.sheet_no
inner join sheets as b on s.file_name = b.file_name
inner join action_keys as k on b.sheet_no = k.sheet_no and l.title_key = k.title_key
inner join action_groups as g on k.row_no = g.row_no
where l.kind = 'progress_reports' and s.is_round and l.ref is null and l.stakeholder is null
group by l.kind, l.row_no
having min(g.kept_row) = max(g.kept_row);

-- The id written another way. A known stakeholder must be the action's; a prefix that the report's recipe adds is left
-- out only against whole ids, for another office counts from 1 as well.
-- Nothing without: left_over.
insert into matched
with still as (
    select l.*, l.stakeholder_key in (select stakeholder_key from action_refs) as is_known
    from left_over as l
    anti join matched as m on l.kind = m.kind and l.row_no = m.row_no
    where l.ref is not null
),

spoken as (
    select kind, row_no, stakeholder_key, is_known, loose_id(ref) as loose, false as is_whole from still
    union all
    select kind, row_no, stakeholder_key, is_known, loose_id(submission_ref), true
    from still
    where submission_ref <> ref
),

known as (
    select loose_id(ref) as loose, is_whole, stakeholder_key, base_key, action_no
    from action_refs
    where exists (select 1 from still)
),

met as (
    select
        s.kind,
        s.row_no,
        k.action_no,
        coalesce(s.stakeholder_key in (k.stakeholder_key, k.base_key), false) as is_makers,
        s.is_known
    from spoken as s
    inner join known as k on s.loose = k.loose and (k.is_whole or not s.is_whole)
)

select kind, row_no, min(action_no), 'id'
from met
where is_makers or not coalesce(is_known, false)
group by kind, row_no
having min(action_no) = max(action_no);

-- Nothing without: matched.
delete from matched where action_no is null;
