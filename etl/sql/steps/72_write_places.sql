-- Countries as stated, each with its subregion and region; regions and subregions as the scope says. A campaign's own
-- regions may leave countries without a region: an action none of whose countries has one lies in the region it states.
-- One that states a grouping lies in the region, and in the subregion, in which all of the grouping's countries lie.
-- Grain: one row an action and place.
-- Nothing without: action_places.
insert into snapshot.action_countries
select p.action_no, p.action_id, p.code, c.subregion, c.region
from action_places as p
inner join codelist_countries as c on p.codelist = 'countries' and p.code = c.code
order by p.action_no, p.code;

-- Nothing without: action_places where codelist in ('regions', 'subregions', 'groupings').
create table stated_parts as
with grouping_places as (
    select
        g.code,
        if(count(distinct c.region) = 1 and count(c.region) = count(*), any_value(c.region), null) as region,
        if(count(distinct c.subregion) = 1 and count(c.subregion) = count(*), any_value(c.subregion), null) as subregion
    from codelist_groupings as g
    inner join codelist_countries as c on g.country = c.code
    group by g.code
)

select p.action_no, p.action_id, p.codelist, p.code, if(p.codelist = 'subregions', b.region, p.code) as region
from action_places as p
inner join action_scopes as s on p.action_no = s.action_no and s.scope <> 'global'
left join codelist_subregions as b on p.codelist = 'subregions' and p.code = b.code
where p.codelist in ('regions', 'subregions')
union
select p.action_no, p.action_id, 'regions', g.region, g.region
from action_places as p
inner join grouping_places as g on p.codelist = 'groupings' and p.code = g.code
inner join action_scopes as s on p.action_no = s.action_no and s.scope <> 'global'
where g.region is not null
union
select p.action_no, p.action_id, 'subregions', g.subregion, g.region
from action_places as p
inner join grouping_places as g on p.codelist = 'groupings' and p.code = g.code
inner join action_scopes as s on p.action_no = s.action_no and s.scope <> 'global'
where g.subregion is not null;

-- Nothing without: action_scopes.
insert into snapshot.action_regions
with from_countries as (
    select distinct c.action_no, c.action_id, c.region
    from snapshot.action_countries as c
    inner join action_scopes as s on c.action_no = s.action_no and s.scope = 'countries'
    where c.region is not null
)

select s.action_no, s.action_id, 'global' from action_scopes as s where s.scope = 'global'
union all
select action_no, action_id, region from from_countries
union all
select distinct p.action_no, p.action_id, p.region
from stated_parts as p
anti join from_countries as c on p.action_no = c.action_no
where p.region is not null
order by 1, 3;

-- Nothing without: action_scopes.
insert into snapshot.action_subregions
with from_countries as (
    select distinct c.action_no, c.action_id, c.subregion
    from snapshot.action_countries as c
    inner join action_scopes as s on c.action_no = s.action_no and s.scope = 'countries'
    where c.subregion is not null
)

select action_no, action_id, subregion from from_countries
union all
select p.action_no, p.action_id, p.code
from stated_parts as p
anti join from_countries as c on p.action_no = c.action_no
where p.codelist = 'subregions'
order by 1, 3;
