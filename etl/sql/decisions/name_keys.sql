-- Which keys do the names and ids of stakeholders in decisions.csv have before anything is decided?
-- Grain: one row a name or id that is found. Parameters: asked, the names and ids.
with asked as (select distinct unnest($asked::varchar[]) as words),

keyed as (select spelling, coalesce(base_key || '@' || home, base_key) as key from stakeholder_names),

found as (
    select a.words, k.key from asked as a inner join keyed as k on a.words = k.spelling
    union
    select a.words, k.key from asked as a inner join keyed as k on a.words = stakeholder_id(k.key)
)

select words, list(key order by key) from found group by words;
