-- Macros of the extract of themes and countries.

-- In which places does each action lie? A place is a country, else the subregion or region that the action states.
-- Grain: one row an action and place.
create macro named_places() as table
with stated_subregions as (
    select s.action_no, null as iso3, s.subregion, c.parent as region
    from action_subregions as s
    anti join action_countries as a on s.action_no = a.action_no and s.subregion = a.subregion
    left join codes as c on c.codelist = 'subregions' and s.subregion = c.code
),

named as (
    select action_no, iso3, subregion, region from action_countries
    union all
    select * from stated_subregions
)

select * from named
union all
select m.action_no, null, null, m.member
from action_members as m
anti join named as n on m.action_no = n.action_no and m.member = n.region
where m.dimension = 'region';

-- How many rows does each action have in the extract of themes and countries (`extract_themes_countries.sql`), with one
-- for each of its themes in each of its places?
-- Grain: one row an action that has both.
create macro themes_countries_rows() as table
with places as (
    select action_no, count(*) as places
    from named_places()
    group by action_no
),

themes as (
    select action_no, count(*) as themes
    from action_members
    where dimension = 'theme'
    group by action_no
)

select
    t.action_no,
    t.themes * p.places as sheet_rows
from themes as t
inner join places as p on t.action_no = p.action_no;
