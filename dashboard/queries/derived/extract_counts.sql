-- What is the result of `extract_counts.sql` for everything there is, up to any day?
-- Grain: one row, a column a table, as there.
-- Parameters: as_of.
select
    (select count(*) from actions) as actions,
    (select s.themes_countries from extract_sizes as s) as themes_countries,
    coalesce(sum(d.reports), 0)::bigint as reports,
    (select count(*) from milestones) as milestones,
    (select count(*) from results_on($as_of) where target is not null or actual is not null) as results,
    coalesce(sum(d.answers), 0)::bigint as answers,
    (select count(*) from events) as events,
    (select count(*) from stories) as stories
from extract_days as d
where d.on_date <= $as_of
