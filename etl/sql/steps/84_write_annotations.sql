-- Replies, documents and pictures beside an action, or beside an event or story: which of their rows count?
-- Of several rows with one number the last one counts; where it says that the annotation is withdrawn, none is left.
-- Names of persons that are not public are taken out of the texts.
-- Grain: one row a row of an export (`annotation_rows`), one an annotation (snapshot.annotations).
create table annotation_rows as
with items as (
    select t.known_as, min(m.item_id) as item_id
    from told_as as t
    inner join post_members as m on t.kind = m.kind and t.kept_as = m.known_as
    group by t.known_as
)

select
    a.*,
    lower(trim(a.kind)) as said_as,
    regexp_extract(a.file, '^[0-9a-f]{64}[.](jpg|png|webp|pdf)$', 1) as ending,
    m.action_no,
    i.item_id,
    -- This row or a later one withdraws it; a day that nobody can read does so as well: it must not stay public.
    bool_or(coalesce(a.withdrawn_on::varchar, a.withdrawn_on_unread) is not null) over (
        partition by a.id order by a.row_no rows between current row and unbounded following
    ) as is_withdrawn
from staged_annotations as a
left join matched as m on m.kind = 'annotations' and a.row_no = m.row_no
left join items as i on a.post_id = i.known_as;

insert into rejections
with judged as (
    select
        sheet_no,
        source_row,
        case
            when id is null
                then { 'field': 'id', 'value': null::varchar, 'reason': 'the row has no number' }
            when is_withdrawn then null
            when said_as is null or said_as not in ('reply', 'document', 'picture')
                then { 'field': 'kind', 'value': kind, 'reason': 'it is neither a reply nor a document nor a picture' }
            when words is null
                then { 'field': 'words', 'value': null, 'reason': 'it has no words' }
            when
                (said_as = 'reply' and file is not null)
                or (said_as = 'document' and coalesce(ending, '') <> 'pdf')
                or (said_as = 'picture' and coalesce(ending, '') not in ('jpg', 'png', 'webp'))
                then { 'field': 'file', 'value': file, 'reason': 'its file is not named as kept files are' }
            when said_as <> 'reply' and rights is null
                then { 'field': 'rights', 'value': null, 'reason': 'it does not say whose rights they are' }
            when post_id is not null and item_id is null
                then { 'field': 'post_id', 'value': post_id, 'reason': 'the event or story it belongs to is not there' }
            when action_no is null and (submission_id is not null or post_id is null)
                then {
                    'field': 'submission_id', 'value': submission_id, 'reason': 'it belongs to no action that is known'
                }
        end as fault
    from annotation_rows
)

select 'annotations', sheet_no, source_row, fault.field, fault.value, fault.reason
from judged
where fault is not null;

create or replace table kept_annotations as
select a.*
from annotation_rows as a
anti join rejections as r on a.sheet_no = r.sheet_no and a.source_row = r.source_row
qualify row_number() over (partition by a.id order by a.row_no desc) = 1;

insert into merged_away
select
    'annotations',
    r.sheet_no,
    r.source_row,
    a.action_id,
    if(k.is_withdrawn, 'withdrawn further on: none is kept', 'told again further on: the last telling is kept')
from annotation_rows as r
inner join kept_annotations as k on r.id = k.id and r.row_no <> k.row_no
left join kept_actions as a on coalesce(k.action_no, r.action_no) = a.action_no
anti join rejections as j on r.sheet_no = j.sheet_no and r.source_row = j.source_row;

insert into snapshot.annotations
select
    k.id,
    k.said_as,
    k.action_no,
    a.action_id,
    k.item_id,
    k.said_on,
    without_names(k.words),
    l.code,
    k.file,
    case k.ending when 'pdf' then 'application/pdf' when 'jpg' then 'image/jpeg' else 'image/' || k.ending end,
    without_names(k.rights),
    f.source_file,
    f.sheet,
    k.source_row
from kept_annotations as k
inner join sheets as f on k.sheet_no = f.sheet_no
left join kept_actions as a on k.action_no = a.action_no
left join cell_codes as l on l.field = 'language' and k.sheet_no = l.sheet_no and k.language = l.cell
where not k.is_withdrawn
order by k.id;
