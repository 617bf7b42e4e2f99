-- Which actions of one stakeholder are worth comparing?
-- Those whose titles hold the same numbers (or one none), of stakeholders with few actions; of others those that came on
-- one day. Whether the makers are one is settled before: two kept actions never share both id and stakeholder.
-- Grain: one row a pair. Parameters: actions, how many a stakeholder may have; pairs, how many at most.
create table likely_actions as
with counted as (
    select stakeholder_id, count(*) as actions
    from snapshot.actions
    where stakeholder_id is not null
    group by stakeholder_id
    having count(*) > 1
)

select
    a.action_no,
    a.stakeholder_id,
    c.actions,
    regexp_replace(replace(fold(a.title), '2021', ''), '\D+', ' ', 'g') as numbers
from snapshot.actions as a
inner join counted as c on a.stakeholder_id = c.stakeholder_id;

create table action_pairs as
with pairs as (
    select a.action_no as left_no, b.action_no as right_no
    from likely_actions as a
    inner join likely_actions as b on a.stakeholder_id = b.stakeholder_id and a.action_no < b.action_no
    where a.actions <= $actions and (trim(a.numbers) = trim(b.numbers) or trim(a.numbers) = '' or trim(b.numbers) = '')
    union all
    select a.action_no, b.action_no
    from snapshot.actions as a
    inner join snapshot.actions as b
        on a.stakeholder_id = b.stakeholder_id and a.submitted_on = b.submitted_on and a.action_no < b.action_no
    where a.stakeholder_id in (select stakeholder_id from likely_actions where actions > $actions)
)

select * from pairs order by 1, 2 limit $pairs;

-- The same title (of four words and more) from several stakeholders, few enough to be partners.
create table shared_titles as
with titles as (
    select fold(title) as title_key, list(action_no order by action_no) as action_nos
    from snapshot.actions
    where contains(title, ' ')
    group by 1
    having count(*) between 2 and 5 and count(distinct stakeholder_id) = count(*)
)

select a.action_no as left_no, b.action_no as right_no
from (select title_key, action_nos, unnest(action_nos) as action_no from titles) as a
inner join (select title_key, unnest(action_nos) as action_no from titles) as b
    on a.title_key = b.title_key and a.action_no < b.action_no
where length(a.title_key) - length(replace(a.title_key, ' ', '')) >= 3;
