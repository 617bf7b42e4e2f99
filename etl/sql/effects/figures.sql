-- What are the headline figures on the last day, before an answer?
-- Grain: one row a headline figure of the snapshot on its last day.
create or replace table figures_before as
with in_force as (
    select s.status
    from snapshot.report_spells as s
    inner join snapshot.campaign as c on s.valid_from <= c.last_date and s.valid_to > c.last_date
),

actions as (select count(*) as number from snapshot.actions)

select 'actions' as figure, number
from actions
union all
select 'reported', count(*) from in_force
union all
select 'completed', count(*) from in_force where status = 'completed'
union all
select 'unknown', any_value(a.number) - count(f.status) from actions as a left join in_force as f on true
union all
select 'without_category', count(*) from snapshot.actions where category is null
union all
select 'without_place', count(*) from snapshot.actions where scope is null
union all
select 'without_theme', any_value(a.number) - count(distinct t.action_no)
from actions as a
left join snapshot.action_themes as t on true;
