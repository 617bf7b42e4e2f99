-- Does the snapshot hold together?

-- query: known_codes
-- severity: error
-- Which codes in the snapshot are in no codelist?
-- Grain: one row an offending code.
with used as (
    select distinct 'categories' as codelist, category as code from snapshot.actions where category is not null
    union
    select 'stakeholder_groups', stakeholder_group from snapshot.actions where stakeholder_group is not null
    union
    select 'themes', theme from snapshot.action_themes
    union
    select 'regions', region from snapshot.action_regions
    union
    select 'subregions', subregion from snapshot.action_subregions
    union
    select 'countries', iso3 from snapshot.action_countries
    union
    select 'statuses', status_code from snapshot.progress_reports where status_code is not null
    union
    select 'indicators', indicator from snapshot.results
    union
    select 'units', unit from snapshot.results
)

select u.codelist, u.code
from used as u
anti join snapshot.codes as c on u.codelist = c.codelist and u.code = c.code;

-- query: relations_whole
-- severity: error
-- Which rows of the snapshot speak of an action, report, event or story that is not in it, or lack their text?
-- Grain: one row an offending table and id.
with spoken_of as (
    select 'action_themes' as spoken_in, action_no, action_id from snapshot.action_themes
    union all
    select 'action_countries', action_no, action_id from snapshot.action_countries
    union all
    select 'action_subregions', action_no, action_id from snapshot.action_subregions
    union all
    select 'action_regions', action_no, action_id from snapshot.action_regions
    union all
    select 'milestones', action_no, action_id from snapshot.milestones
    union all
    select 'results', action_no, action_id from snapshot.results
    union all
    select 'progress_reports', action_no, action_id from snapshot.progress_reports where action_no is not null
    union all
    select 'post_actions', action_no, action_id from snapshot.post_actions
    union all
    select 'suggested_classes', action_no, action_id from snapshot.suggested_classes
    union all
    select 'annotations', action_no, action_id from snapshot.annotations where action_no is not null
    union all
    select 'evidence_steps', action_no, action_id from snapshot.evidence_steps
),

numbers_spoken_of as (
    select 'action_members' as spoken_in, action_no from snapshot.action_members
    union all
    select 'report_spells', action_no from snapshot.report_spells
    union all
    select 'evidence_spells', action_no from snapshot.evidence_spells
),

ids_spoken_of as (
    select 'events' as spoken_in, action_id from snapshot.events where action_id is not null
    union all
    select 'stories', action_id from snapshot.stories where action_id is not null
    union all
    select 'survey_answers', action_id from snapshot.survey_answers where action_id is not null
    union all
    select 'merged_rows', kept_action_id from snapshot.merged_rows where kept_action_id is not null
),

posts_spoken_of as (
    select 'post_texts' as spoken_in, kind, id from snapshot.post_texts
    union all
    select 'post_actions', kind, id from snapshot.post_actions
),

posts as (
    select 'event' as kind, id from snapshot.events
    union all
    select 'story', id from snapshot.stories
),

reports_spoken_of as (
    select 'report_spells' as spoken_in, report_no from snapshot.report_spells
    union all
    select 'survey_answers', report_no from snapshot.survey_answers
    union all
    select 'evidence_steps', report_no from snapshot.evidence_steps
)

select s.spoken_in, s.action_id
from spoken_of as s
anti join snapshot.actions as a on s.action_no = a.action_no and s.action_id = a.action_id
union all
select s.spoken_in, s.action_no::varchar
from numbers_spoken_of as s
anti join snapshot.actions as a on s.action_no = a.action_no
union all
select s.spoken_in, s.action_id
from ids_spoken_of as s
anti join snapshot.actions as a on s.action_id = a.action_id
union all
select s.spoken_in, s.report_no::varchar
from reports_spoken_of as s
anti join snapshot.progress_reports as r on s.report_no = r.report_no
union all
select s.spoken_in, s.id
from posts_spoken_of as s
anti join posts as p on s.kind = p.kind and s.id = p.id
union all
select 'annotations', n.post_id
from snapshot.annotations as n
anti join posts as p on n.post_id = p.id
where n.post_id is not null
union all
select 'posts without a text', p.id
from posts as p
anti join snapshot.post_texts as t on p.kind = t.kind and p.id = t.id;

-- query: spells_disjoint
-- severity: error
-- Which actions have two reports, or two furthest steps of evidence, in force on the same day?
-- Grain: one row an offending pair.
select 'report' as kind, a.action_no, a.report_no as number, b.report_no as other_number
from snapshot.report_spells as a
inner join snapshot.report_spells as b
    on a.action_no = b.action_no
    and a.report_no < b.report_no
    and a.valid_from < b.valid_to
    and a.valid_to > b.valid_from
union all
select 'evidence', a.action_no, a.step_no, b.step_no
from snapshot.evidence_spells as a
inner join snapshot.evidence_spells as b
    on a.action_no = b.action_no
    and a.step_no < b.step_no
    and a.valid_from < b.valid_to
    and a.valid_to > b.valid_from;

-- query: unique_actions
-- severity: error
-- Which action ids stand for more than one action?
-- Grain: one row an offending id.
select action_id, count(*) as actions
from snapshot.actions
group by action_id
having count(*) > 1;

-- query: unique_numbers
-- severity: error
-- Which numbers stand for more than one action, report or milestone?
-- Grain: one row an offending number.
select 'actions' as numbered, action_no as number from snapshot.actions group by action_no having count(*) > 1
union all
select 'progress_reports', report_no from snapshot.progress_reports group by report_no having count(*) > 1
union all
select 'milestones', milestone_no from snapshot.milestones group by milestone_no having count(*) > 1;
