-- Under which submission id does an id in decisions.csv stand in the files?
-- Grain: one row an id that is found, with the submission ids that it may mean.
-- Parameters: asked, the ids.
with asked as (select distinct unnest($asked::varchar[]) as words)

select a.words, list(distinct s.submission_id order by s.submission_id)
from asked as a
inner join staged_actions as s
    on loose_id(a.words) in (loose_id(s.submission_id), loose_id(s.submission_ref))
group by a.words;
