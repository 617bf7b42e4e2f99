-- Which actions does a selection hold?
-- Grain: one row an action (its number inside this snapshot), in the register's own order.
-- Parameters: as_of, regions, subregions, countries, categories, themes, groups, statuses, q.
select action_no
from selected_actions($as_of, $regions, $subregions, $countries, $categories, $themes, $groups, $statuses, $q)
order by action_no
