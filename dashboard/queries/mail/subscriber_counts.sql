-- How many have asked, get the newsletter, or have left, by language?
-- Grain: one row a state and language.
-- Parameters: none.
select
    state,
    lang,
    count(*) as subscribers
from subscribers
group by state, lang
order by state, lang
