-- What would change on the last day, if an unmatched word meant this code? For a status: the actions with its base
-- status before and after. For a class: the actions that it is new to, with the region of a country or subregion. A
-- global action counts in no region; an action with a country in a region does not count in another region that it
-- states.
-- Grain: one row a codelist and code that gains actions.
-- Parameters: fields, word_key, recipe (null: all), source_file (null: all), codelist, code, base_status (of a status).
with touched as (
    select distinct action_no, report_no
    from unmatched_uses
    where
        list_contains($fields::varchar[], field)
        and word_key = $word_key
        and ($recipe::varchar is null or recipe = $recipe)
        and ($source_file::varchar is null or source_file = $source_file)
),

in_force as (
    select s.action_no, s.report_no, s.status
    from report_spells as s
    cross join campaign as c
    where s.valid_from <= c.last_date and c.last_date < s.valid_to
),

places as (
    select case $codelist when 'regions' then c.code when 'subregions' then c.parent else s.parent end as region
    from codes as c
    left join codes as s on s.codelist = 'subregions' and c.codelist = 'countries' and c.parent = s.code
    where c.codelist = $codelist and c.code = $code and c.codelist in ('regions', 'subregions', 'countries')
),

acting as (select distinct t.action_no, a.scope from touched as t inner join actions as a on t.action_no = a.action_no),

in_its_region as (
    select a.action_no
    from acting as a
    cross join places as p
    where
        p.region is not null
        and a.scope is distinct from 'global'
        and (
            $codelist = 'countries'
            or p.region = 'global'
            or a.action_no not in (select action_no from action_countries where region is not null)
        )
        and not exists (
            select 1 from action_regions as r where a.action_no = r.action_no and p.region = r.region
        )
),

holding as (
    select action_no
    from actions
    where
        ($codelist = 'categories' and category = $code)
        or ($codelist = 'stakeholder_groups' and stakeholder_group = $code)
    union all
    select action_no from action_themes where $codelist = 'themes' and theme = $code
    union all
    select action_no from action_countries where $codelist = 'countries' and iso3 = $code
),

gained as (
    select a.action_no
    from acting as a
    anti join holding as h on a.action_no = h.action_no
    where list_contains(['categories', 'stakeholder_groups', 'themes', 'countries'], $codelist)
),

status_before as (select count(*) as actions from in_force where status = $base_status),

status_gained as (
    select count(*) as actions
    from in_force as f
    inner join touched as t on f.report_no = t.report_no and f.action_no = t.action_no
    where f.status is distinct from $base_status
)

select 'statuses' as codelist, $base_status::varchar as code, b.actions as before, b.actions + g.actions as after
from status_before as b
cross join status_gained as g
where $codelist = 'statuses' and g.actions > 0
union all
select $codelist, $code, null, count(*) from gained having count(*) > 0
union all
select 'regions', any_value(p.region), null, count(*)
from in_its_region
cross join places as p
having count(*) > 0
