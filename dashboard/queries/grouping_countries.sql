-- Which countries does each grouping have?
-- Grain: one row a grouping and country. Parameters: none.
select grouping_code, iso3
from grouping_countries
order by grouping_code, iso3
