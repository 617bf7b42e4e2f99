-- Every dimension's members of every action; an unclassified action has the member `unclassified`.
-- An action is in a grouping once, however many of its countries are, or where it states the grouping itself.
-- Grain: one row a dimension, action and member.
insert into snapshot.action_members
(select 'category', action_no, coalesce(category, 'unclassified') from snapshot.actions order by 2)
union all
(
    select 'country', a.action_no, coalesce(c.iso3, 'unclassified')
    from snapshot.actions as a
    left join snapshot.action_countries as c on a.action_no = c.action_no
    where c.iso3 is not null or a.scope is null
    order by 2, 3
)
union all
(select 'group', action_no, coalesce(stakeholder_group, 'unclassified') from snapshot.actions order by 2)
union all
(
    select distinct 'grouping', c.action_no, g.code
    from snapshot.action_countries as c
    inner join codelist_groupings as g on c.iso3 = g.country
    union
    select 'grouping', action_no, code from action_places where codelist = 'groupings'
    union all
    select 'grouping', action_no, 'unclassified'
    from snapshot.actions
    where scope is null and exists (select 1 from codelist_groupings)
    order by 2, 3
)
union all
(
    select 'region', a.action_no, coalesce(r.region, 'unclassified')
    from snapshot.actions as a
    left join snapshot.action_regions as r on a.action_no = r.action_no
    order by 2, 3
)
union all
(
    select 'subregion', a.action_no, coalesce(s.subregion, 'unclassified')
    from snapshot.actions as a
    left join snapshot.action_subregions as s on a.action_no = s.action_no
    where s.subregion is not null or a.scope is null
    order by 2, 3
)
union all
(
    select 'theme', a.action_no, coalesce(t.theme, 'unclassified')
    from snapshot.actions as a
    left join snapshot.action_themes as t on a.action_no = t.action_no
    order by 2, 3
);
