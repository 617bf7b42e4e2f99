-- What a snapshot says of its actions once more, with numbers and ids of its own and other words: a row a row of the
-- snapshot `source`. Run for one copy after the other, so that rows stand in the order of their numbers.
-- Parameters: $copy, from 0; $actions and $reports, by how much the numbers of one copy differ from those of the next.
insert into snapshot.actions
with worded as (
    select
        *,
        draw_text(action_no + $copy * $actions, 'title', 8) as new_title,
        draw_text(action_no + $copy * $actions, 'text', 16) as new_text
    from source.actions
)

select
    * exclude (new_title, new_text) replace (
        (action_no + $copy * $actions)::integer as action_no,
        copied(action_id, $copy) as action_id,
        copied(submission_id, $copy) as submission_id,
        upper(new_title[1]) || new_title[2:] as title,
        copied(stakeholder_id, $copy) as stakeholder_id,
        stakeholder || if($copy = 0, '', ' ' || $copy) as stakeholder,
        new_text as description,
        concat_ws(
            ' ',
            new_title,
            lower(stakeholder) || if($copy = 0, '', ' ' || $copy),
            lower(replace(copied(action_id, $copy), '-', ' ')),
            new_text,
            regexp_extract(search_text, 'text number \d+ (.*)$', 1)
        ) as search_text
    )
from worded;

insert into snapshot.action_themes
select * replace ((action_no + $copy * $actions)::integer as action_no, copied(action_id, $copy) as action_id)
from source.action_themes;

insert into snapshot.action_countries
select * replace ((action_no + $copy * $actions)::integer as action_no, copied(action_id, $copy) as action_id)
from source.action_countries;

insert into snapshot.action_subregions
select * replace ((action_no + $copy * $actions)::integer as action_no, copied(action_id, $copy) as action_id)
from source.action_subregions;

insert into snapshot.action_regions
select * replace ((action_no + $copy * $actions)::integer as action_no, copied(action_id, $copy) as action_id)
from source.action_regions;

insert into snapshot.progress_reports
select * replace (
    (report_no + $copy * $reports)::integer as report_no,
    copied(report_key, $copy) as report_key,
    copied(report_id, $copy) as report_id,
    (action_no + $copy * $actions)::integer as action_no,
    copied(action_id, $copy) as action_id,
    stakeholder || if($copy = 0, '', ' ' || $copy) as stakeholder
)
from source.progress_reports;

insert into snapshot.report_spells
select * replace (
    (action_no + $copy * $actions)::integer as action_no, (report_no + $copy * $reports)::integer as report_no
)
from source.report_spells;

insert into snapshot.evidence_steps
select * replace (
    (action_no + $copy * $actions)::integer as action_no,
    copied(action_id, $copy) as action_id,
    (report_no + $copy * $reports)::integer as report_no
)
from source.evidence_steps;

insert into snapshot.evidence_spells
select * replace (
    (action_no + $copy * $actions)::integer as action_no, (report_no + $copy * $reports)::integer as report_no
)
from source.evidence_spells;

insert into snapshot.stakeholders
select * replace (
    copied(stakeholder_id, $copy) as stakeholder_id,
    name || if($copy = 0, '', ' ' || $copy) as name,
    list_transform(spellings, lambda spelling: spelling || if($copy = 0, '', ' ' || $copy)) as spellings
)
from source.stakeholders;
