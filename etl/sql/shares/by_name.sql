-- Which spellings of stakeholders share a bucket? Each stands for itself: a bucket has those of a hash, with all their
-- rows.
-- Grain: one view a table in which stakeholders are named, its rows each with their bucket.
-- Parameter: buckets, how many there are.
set variable name_buckets = $buckets;

create or replace macro name_bucket(spelling) as (hash(spelling) % getvariable('name_buckets'))::integer;

create or replace view by_name_staged_actions as
select stakeholder, name_bucket(stakeholder) as bucket from staged_actions where stakeholder is not null;

create or replace view by_name_staged_classification as
select distinct stakeholder, name_bucket(stakeholder) as bucket
from staged_classification
where stakeholder is not null;

create or replace view by_name_staged_progress_reports as
select distinct stakeholder, name_bucket(stakeholder) as bucket
from staged_progress_reports
where stakeholder is not null;

create or replace view by_name_staged_milestones as
select distinct stakeholder, name_bucket(stakeholder) as bucket from staged_milestones where stakeholder is not null;

create or replace view by_name_staged_results as
select distinct stakeholder, name_bucket(stakeholder) as bucket from staged_results where stakeholder is not null;

create or replace view by_name_staged_events as
select distinct stakeholder, name_bucket(stakeholder) as bucket from staged_events where stakeholder is not null;

create or replace view by_name_staged_stories as
select distinct stakeholder, name_bucket(stakeholder) as bucket from staged_stories where stakeholder is not null;
