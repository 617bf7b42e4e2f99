-- By which id does each text of decisions.csv that is the name of a person compare with the others?
-- Grain: one row a text that is such a name. Parameters: asked, the texts.
select a.words, min(p.own_id)
from (select distinct unnest($asked::varchar[]) as words) as a
inner join private.people as p on a.words = p.spelling or name_key(a.words) = name_key(p.spelling)
group by a.words;
