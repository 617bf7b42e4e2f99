-- Which rows belong to the work on which action, and which bucket has each action? A bucket has a range of the actions'
-- numbers, so that results of several, one after another, are in their order; and as many actions and reports as the
-- others, unless one action has more than that. Reports of no action are dealt out.
-- Grain: one row an action; then one view a table that the steps by action read, its rows each with their bucket.
-- Parameter: buckets, how many there are.
create or replace temp table action_buckets as
with every as (
    select action_no from kept_actions
    union all
    select action_no from kept_reports where action_no is not null
)

select
    action_no,
    ((sum(count(*)) over (order by action_no) - 1) * $buckets // sum(count(*)) over ())::integer as bucket
from every
group by action_no;

create or replace temp table report_buckets as
select r.row_no, coalesce(b.bucket, r.row_no % $buckets)::integer as bucket
from kept_reports as r
left join action_buckets as b on r.action_no = b.action_no
where r.kind = 'progress_reports';

create or replace view by_action_kept_actions as
select k.*, b.bucket from kept_actions as k inner join action_buckets as b on k.action_no = b.action_no;

create or replace view by_action_action_keys as
select k.*, b.bucket from action_keys as k inner join action_buckets as b on k.row_no = b.action_no;

create or replace view by_action_action_places as
select p.*, b.bucket from action_places as p inner join action_buckets as b on p.action_no = b.action_no;

create or replace view by_action_action_scopes as
select s.*, b.bucket from action_scopes as s inner join action_buckets as b on s.action_no = b.action_no;

create or replace view by_action_action_themes as
select t.*, b.bucket from snapshot.action_themes as t inner join action_buckets as b on t.action_no = b.action_no;

create or replace view by_action_classified as
select c.*, b.bucket from classified as c inner join action_buckets as b on c.action_no = b.action_no;

create or replace view by_action_staged_classification as
select c.*, b.bucket
from staged_classification as c
inner join matched as m on m.kind = 'classification' and c.row_no = m.row_no
inner join action_buckets as b on m.action_no = b.action_no;

-- Every submission of an action: a merged one may bear a status that is a report of its own.
create or replace view by_action_staged_actions as
select s.*, b.bucket
from staged_actions as s
inner join action_groups as g on s.row_no = g.row_no
inner join action_buckets as b on g.kept_row = b.action_no;

-- A bucket gets the names of the stakeholders of its actions.
create or replace view by_action_stakeholder_display as
with makers as (
    select distinct k.stakeholder_key as key, b.bucket
    from action_keys as k
    inner join action_buckets as b on k.row_no = b.action_no
)

select d.*, m.bucket from stakeholder_display as d inner join makers as m on d.key = m.key;

-- The marks of repeated answers are not needed any more.
create or replace view by_action_kept_reports as
select r.* exclude (answers, subject), coalesce(p.bucket, b.bucket) as bucket
from kept_reports as r
left join report_buckets as p on r.kind = 'progress_reports' and r.row_no = p.row_no
left join action_buckets as b on r.kind = 'actions' and r.action_no = b.action_no;

create or replace view by_action_staged_progress_reports as
select s.*, b.bucket from staged_progress_reports as s inner join report_buckets as b on s.row_no = b.row_no;

create or replace view by_action_numbered_keys as
select n.*, b.bucket from numbered_keys as n inner join report_buckets as b on n.row_no = b.row_no;

create or replace view by_action_shown_report_keys as
select n.*, b.bucket from shown_report_keys as n inner join report_buckets as b on n.row_no = b.row_no;
