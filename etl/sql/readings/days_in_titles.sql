-- Which day stands at the end of names of sheets and of headers?
-- Parameters: titles.
-- Grain: one row a title; null where none does.
select title, day_in_title(title) as on_day
from (select unnest($titles::varchar[]) as title) as titles
