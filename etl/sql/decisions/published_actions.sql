-- Which published action does an id mean: its own, or one under which it was submitted?
-- Grain: one row a published action that is meant.
-- Parameters: asked, the id.
with known as (
    select action_id as id, action_id, 1 as rank from snapshot.actions
    union all
    select submission_id, action_id, 2 from snapshot.actions where submission_id is not null
    union all
    select submission_id, action_id, 2 from snapshot.merged_submissions
),

found as (
    select action_id, if(id = $asked, rank, 3) as rank from known where loose_id(id) = loose_id($asked)
),

judged as (select *, min(rank) over () as best from found)

select distinct a.action_id, a.title
from judged as f
inner join snapshot.actions as a on f.action_id = a.action_id
where f.rank = f.best
order by 1
limit 20;
