-- Countries as stated, each with its subregion and region; regions and subregions as the scope says.
-- Grain: one row an action and place.
insert into snapshot.action_countries
select p.action_no, p.action_id, p.code, c.subregion, c.region
from action_places as p
inner join codelist_countries as c on p.codelist = 'countries' and p.code = c.code
order by p.action_no, p.code;

insert into snapshot.action_regions
select s.action_no, s.action_id, 'global' from action_scopes as s where s.scope = 'global'
union
select c.action_no, c.action_id, c.region
from snapshot.action_countries as c
inner join action_scopes as s on c.action_no = s.action_no and s.scope = 'countries'
where c.region is not null
union
select p.action_no, p.action_id, case when p.codelist = 'subregions' then b.region else p.code end
from action_places as p
inner join action_scopes as s on p.action_no = s.action_no and s.scope = 'region'
left join codelist_subregions as b on p.codelist = 'subregions' and p.code = b.code
order by 1, 3;

insert into snapshot.action_subregions
select c.action_no, c.action_id, c.subregion
from snapshot.action_countries as c
inner join action_scopes as s on c.action_no = s.action_no and s.scope = 'countries'
where c.subregion is not null
union
select p.action_no, p.action_id, p.code
from action_places as p
inner join action_scopes as s on p.action_no = s.action_no and s.scope = 'region'
where p.codelist = 'subregions'
order by 1, 3;
