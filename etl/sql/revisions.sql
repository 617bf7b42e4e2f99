-- What publications said of their last days, and what each later one changed: the file `published/revisions.parquet`.
-- It holds counts alone. The new snapshot is attached as `snapshot`, the one published before as `former`.

-- query: all
-- The file, in an order that does not depend on anything else.
-- Grain: one row a publication, day, member and cause, those that change nothing left out.
select * from revisions
order by publication, day, dimension, member, cause;

-- query: standing
-- Which actions stand otherwise on which of these days than in the snapshot published before: with another status, in
-- other members, or in one of both alone? Only actions with other spells or members are looked at day by day. A status
-- has its place (`macros/status_places.sql`), 6 without a report.
-- Grain: one row a day and action.
-- Parameters: is_sample.
-- First the members of both snapshots that figures are given by.
create or replace view members_beside as
select true as is_after, action_no, dimension, member
from snapshot.action_members
where dimension in ('region', 'category', 'theme', 'group')
union all
select false, action_no, dimension, member
from former.action_members
where dimension in ('region', 'category', 'theme', 'group');

create table standing as
with days as (
    select distinct day
    from revisions
    where cause = 'said' and is_sample = $is_sample
),

parts as (
    select true as is_after, false as is_member, action_no, hash(valid_from, valid_to, status) as mark
    from snapshot.report_spells
    union all
    select false, false, action_no, hash(valid_from, valid_to, status)
    from former.report_spells
    union all
    select is_after, true, action_no, hash(dimension, member)
    from members_beside
),

marks as (
    select
        is_after,
        action_no,
        coalesce(sum(mark) filter (not is_member), 0) as spells,
        coalesce(sum(mark) filter (is_member), 0) as members
    from parts
    group by is_after, action_no
),

afters as (
    select a.action_id, a.action_no, a.source_file, a.classification_file, m.spells, m.members
    from snapshot.actions as a
    left join marks as m on m.is_after and a.action_no = m.action_no
),

befores as (
    select a.action_id, a.action_no, a.source_file, a.classification_file, m.spells, m.members
    from former.actions as a
    left join marks as m on not m.is_after and a.action_no = m.action_no
),

differing as (
    select
        coalesce(a.action_id, b.action_id) as action_id,
        a.action_no as after_no,
        b.action_no as before_no,
        a.source_file as after_file,
        b.source_file as before_file,
        coalesce(a.classification_file, b.classification_file) is not null as is_classified,
        (
            a.action_no is null or b.action_no is null or coalesce(a.members, 0) <> coalesce(b.members, 0)
        ) as is_placed_otherwise
    from afters as a
    full join befores as b on a.action_id = b.action_id
    where is_placed_otherwise or a.spells is distinct from b.spells
)

select
    d.*,
    t.day,
    a.report_no as after_report,
    b.report_no as before_report,
    if(a.report_no is null, 6, place_status(a.status)) as after_status,
    if(b.report_no is null, 6, place_status(b.status)) as before_status
from differing as d
cross join days as t
left join snapshot.report_spells as a on d.after_no = a.action_no and t.day >= a.valid_from and t.day < a.valid_to
left join former.report_spells as b on d.before_no = b.action_no and t.day >= b.valid_from and t.day < b.valid_to
where is_placed_otherwise or after_status <> before_status;

-- query: split
-- By how much do figures of the days spoken of change with a publication, and why? Each action that stands otherwise
-- falls into one cause. A file is the same where both builds read the same bytes. In this order: an action in the new
-- snapshot alone is new, one in the former alone is removed, unless its row was read before too (or still is): then a
-- decision says what it is. An action with another status changed by a report that neither the former snapshot nor its
-- files had, or by one that is gone from both; where the action has lost one and gained one, by a correction. With the
-- same reports it changed by a decision, where their files are the same, a decision names the report or one of its
-- words was settled; else by a correction. An action in other members alone changed by a decision, where its file is
-- the same, staff classify it or one of its words was settled; else by a correction. A report is the same by its key,
-- or by its id, wave and action: its key changes with its day.
-- Grain: one row a day, member and cause with a change of any figure.
-- Nothing without: standing.
-- Parameters: publication, published_at, build_id, is_sample.
insert into revisions
with same_bytes as (
    select coalesce(list(a.source_file), []) as afters, coalesce(list(b.source_file), []) as befores
    from snapshot.input_files as a
    inner join former.input_files as b on a.sha256 = b.sha256
),

decisions_signed as (
    select this, 1 as sign
    from snapshot.decisions
    where is_applied
    union all
    select this, -1
    from former.decisions
    where is_applied
),

-- What decisions of one of both builds name.
decided as (
    select this
    from decisions_signed
    group by this
    having sum(sign) <> 0
),

words_signed as (
    select codelist, word, codes, 1 as sign
    from snapshot.settled_words
    union all
    select codelist, word, codes, -1
    from former.settled_words
),

words_changed as (
    select word
    from words_signed
    group by codelist, word, codes
    having sum(sign) <> 0
),

settled as (select count(*) > 0 as is_changed from words_changed),

-- The subjects of words without a meaning: the number of a report, or of an action below zero.
after_words as (select distinct coalesce(report_no, -action_no) as subject from snapshot.unmatched_uses),

before_words as (select distinct coalesce(report_no, -action_no) as subject from former.unmatched_uses),

reports as (
    select true as is_after, report_no, action_no, source_file, report_key, report_id, wave, action_id
    from snapshot.progress_reports
    union all
    select false, report_no, action_no, source_file, report_key, report_id, wave, action_id
    from former.progress_reports
),

named as (
    select *, unnest([report_key, concat_ws('/', report_id, coalesce(wave, ''), action_id)]) as name
    from reports
),

names as (select distinct is_after, name from named),

stood as (
    select true as is_after, after_no as action_no from standing
    union all
    select false, before_no from standing
),

-- The reports of such actions; is_alone: neither the other snapshot nor its files have it.
reports_beside as (
    select
        r.is_after, r.report_no, r.action_no, r.source_file, r.report_key,
        bool_and(o.name is null)
        and not list_contains(any_value(if(r.is_after, w.afters, w.befores)), r.source_file) as is_alone
    from named as r
    semi join stood as s on r.is_after = s.is_after and r.action_no = s.action_no
    cross join same_bytes as w
    left join names as o on r.is_after <> o.is_after and r.name = o.name
    group by r.is_after, r.report_no, r.action_no, r.source_file, r.report_key
),

alone as (select distinct is_after, action_no from reports_beside where is_alone),

merged_after as (select distinct submission_id as action_id from snapshot.merged_submissions),

merged_before as (select distinct submission_id as action_id from former.merged_submissions),

caused as (
    select
        s.*,
        coalesce(a.is_alone, false) as is_new,
        coalesce(b.is_alone, false) as is_gone,
        list_contains(w.afters, s.after_file) as is_same_after,
        list_contains(w.befores, s.before_file) as is_same_before,
        v.is_changed and (x.subject is null) <> (y.subject is null) as has_settled_word,
        case
            when s.before_no is null then if(is_same_after or f.action_id is not null, 'decisions', 'new_actions')
            when s.after_no is null then if(is_same_before or n.action_id is not null, 'decisions', 'removals')
            when s.after_status = s.before_status
                then if(is_same_after or s.is_classified or has_settled_word, 'decisions', 'corrections')
            when (is_new or is_gone) and g.action_no is not null and l.action_no is not null then 'corrections'
            when is_new then 'new_reports'
            when is_gone then 'removals'
            when
                has_settled_word
                or (a.report_no is null or list_contains(w.afters, a.source_file))
                and (b.report_no is null or list_contains(w.befores, b.source_file))
                or c.this is not null
                then 'decisions'
            else 'corrections'
        end as cause
    from standing as s
    cross join same_bytes as w
    cross join settled as v
    left join reports_beside as a on a.is_after and s.after_report = a.report_no
    left join reports_beside as b on not b.is_after and s.before_report = b.report_no
    left join alone as g on g.is_after and s.after_no = g.action_no
    left join alone as l on not l.is_after and s.before_no = l.action_no
    left join after_words as x on if(s.after_status <> s.before_status, s.after_report, -s.after_no) = x.subject
    left join before_words as y on if(s.after_status <> s.before_status, s.before_report, -s.before_no) = y.subject
    left join merged_before as f on s.action_id = f.action_id
    left join merged_after as n on s.action_id = n.action_id
    left join decided as c on coalesce(a.report_key, b.report_key) = c.this
),

sides as (
    select day, cause, true as is_after, after_no as action_no, after_status as status_no, 1 as sign
    from caused
    union all
    select day, cause, false, before_no, before_status, -1
    from caused
),

signed as (
    select s.day, s.cause, p.dimension, p.member, s.status_no, s.sign
    from sides as s
    inner join members_beside as p on s.is_after = p.is_after and s.action_no = p.action_no
    union all
    select day, cause, 'all', 'all', status_no, sign
    from sides
    where action_no is not null
)

select
    $publication::integer,
    $published_at::timestamptz,
    $build_id,
    $is_sample,
    day,
    dimension,
    member,
    cause,
    sum(sign)::bigint as actions,
    coalesce(sum(sign) filter (status_no < 6), 0)::bigint as reported,
    coalesce(sum(sign) filter (status_no = 1), 0)::bigint as completed,
    coalesce(sum(sign) filter (is_unknown(status_no)), 0)::bigint as unknown
from signed
group by day, dimension, member, cause
having (actions, reported, completed, unknown) <> (0, 0, 0, 0);

-- query: figures
-- What does a publication say of its last day, which none has spoken of? And by how much does it change other days,
-- where the snapshot before is not at hand? Then nothing tells why (`unsplit`).
-- Grain: one row a day and member with an action or a change, and one in all.
-- Parameters: publication, published_at, build_id, is_sample; new_days, spoken_days.
insert into revisions
with days as (select unnest($new_days::date[] || $spoken_days::date[]) as day),

states as (
    select
        t.day,
        a.action_no,
        if(s.report_no is null, 6, place_status(s.status)) as status_no
    from snapshot.actions as a
    cross join days as t
    left join snapshot.report_spells as s
        on a.action_no = s.action_no and t.day >= s.valid_from and t.day < s.valid_to
),

placed as (
    select action_no, dimension, member
    from snapshot.action_members
    where dimension in ('region', 'category', 'theme', 'group')
    union all
    select action_no, 'all', 'all'
    from snapshot.actions
),

counted as (
    select
        s.day,
        p.dimension,
        p.member,
        count(*) as actions,
        count(*) filter (s.status_no < 6) as reported,
        count(*) filter (s.status_no = 1) as completed,
        count(*) filter (is_unknown(s.status_no)) as unknown
    from states as s
    inner join placed as p on s.action_no = p.action_no
    group by s.day, p.dimension, p.member
    union all
    select unnest($new_days::date[]), 'all', 'all', 0, 0, 0, 0
    union all
    select day, dimension, member, -actions, -reported, -completed, -unknown
    from revisions
    where is_sample = $is_sample and list_contains($spoken_days::date[], day)
)

select
    $publication::integer,
    $published_at::timestamptz,
    $build_id,
    $is_sample,
    day,
    dimension,
    member,
    if(list_contains($new_days::date[], day), 'said', 'unsplit') as cause,
    sum(actions)::bigint as actions,
    sum(reported)::bigint as reported,
    sum(completed)::bigint as completed,
    sum(unknown)::bigint as unknown
from counted
group by day, dimension, member
having cause = 'said' or (actions, reported, completed, unknown) <> (0, 0, 0, 0);

-- query: say
-- A publication, and its last day.
-- Grain: one row.
-- Parameters: publication, published_at, build_id, is_sample, day.
insert into revisions
values (
    $publication::integer, $published_at::timestamptz, $build_id, $is_sample, $day::date, 'all', 'all', 'published',
    0, 0, 0, 0
);

-- query: read
-- What does the file hold? Of a publication that was noted and never came to be (the one after that of the pointer,
-- which a kill stopped) nothing is read.
-- Grain: as the file.
-- Parameters: file, published_build (null for none).
create table revisions as
select *
from read_parquet($file)
qualify publication <= coalesce(max(if(build_id = $published_build, publication, null)) over (), publication);

-- query: begin
-- The empty file.
-- Grain: none.
create table revisions (
    publication integer,
    published_at timestamptz,
    build_id varchar,
    is_sample boolean,
    day date,
    dimension varchar,
    member varchar,
    cause varchar,
    actions bigint,
    reported bigint,
    completed bigint,
    unknown bigint
);

-- query: last
-- Which publication is the last one that was noted, which is the last of data like these, and of which days have these
-- spoken?
-- Grain: one row.
-- Parameters: is_sample.
select
    coalesce(max(publication), 0) as publication,
    max_by(build_id, publication) filter (cause = 'published' and is_sample = $is_sample) as build_id,
    coalesce(list(distinct day) filter (cause = 'said' and is_sample = $is_sample), []) as days
from revisions
