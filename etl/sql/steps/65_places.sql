-- The places of each action: staff's, where any that they coded is known, else the submission's countries and regions,
-- else the country in front of a maker's name ("Country - Ministry of …").
-- Grain: one row an action and place.
-- Nothing without: cell_codes.
create table action_places as
with chosen as (
    select
        k.action_no,
        k.action_id,
        if(c.row_no is not null, c.sheet_no, s.sheet_no) as sheet_no,
        if(c.row_no is not null, c.countries, s.countries) as countries,
        if(c.row_no is not null, c.regions, s.regions) as regions,
        s.stakeholder
    from kept_actions as k
    inner join staged_actions as s on k.row_no = s.row_no
    left join classified as d on k.action_no = d.action_no
    left join staged_classification as c on d.places_row = c.row_no
),

looked_up as (
    select action_no, action_id, sheet_no, 'countries' as field, countries as cell
    from chosen
    where countries is not null
    union all
    select action_no, action_id, sheet_no, 'regions', regions from chosen where regions is not null
    union all
    select action_no, action_id, sheet_no, 'stakeholder', stakeholder
    from chosen
    where countries is null and regions is null
)

select distinct l.action_no, l.action_id, r.codelist, r.code
from looked_up as l
inner join resolved as r on l.field = r.field and l.sheet_no = r.sheet_no and l.cell = r.cell
where r.code is not null and r.code <> 'unclassified';

-- A global action counts in `global` only; the regions of others come from their countries, else from what they state.
-- Nothing without: action_places.
create table action_scopes as
select
    action_no,
    action_id,
    case
        when bool_or(codelist = 'regions' and code = 'global') then 'global'
        when bool_or(codelist = 'countries') then 'countries'
        else 'region'
    end as scope
from action_places
group by all;
