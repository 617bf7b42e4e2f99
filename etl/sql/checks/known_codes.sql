-- severity: error
-- Which codes in the snapshot are in no codelist?
-- Grain: one row an offending code.
with used as (
    select distinct 'categories' as codelist, category as code from snapshot.actions where category is not null
    union
    select 'stakeholder_groups', stakeholder_group from snapshot.actions where stakeholder_group is not null
    union
    select 'themes', theme from snapshot.action_themes
    union
    select 'regions', region from snapshot.action_regions
    union
    select 'subregions', subregion from snapshot.action_subregions
    union
    select 'countries', iso3 from snapshot.action_countries
    union
    select 'statuses', status_code from snapshot.progress_reports where status_code is not null
)

select u.codelist, u.code
from used as u
anti join snapshot.codes as c on u.codelist = c.codelist and u.code = c.code;
