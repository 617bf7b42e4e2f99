-- How many actions does the register hold?
-- Grain: one row.
-- Parameters: as_of, regions, subregions, countries, categories, themes, groups, statuses, q.
select count(*) as actions
from selected_actions($as_of, $regions, $subregions, $countries, $categories, $themes, $groups, $statuses, $q)
