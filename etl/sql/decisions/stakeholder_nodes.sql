-- Which stakeholder does each name or id in decisions.csv mean? An id, else a spelling, else a name with the same key.
-- Grain: one row a name or id that is found, with the keys of all that it may mean.
-- Parameters: asked, the names and ids.
with asked as (select distinct unnest($asked::varchar[]) as words),

found as (
    select a.words, w.key, 1 as rank from asked as a inner join written_keys as w on a.words = stakeholder_id(w.key)
    union
    select a.words, w.key, 1
    from asked as a
    inner join written_keys as w on a.words = hidden_id(stakeholder_id(w.key))
    union
    select a.words, w.key, 2 from asked as a inner join written_keys as w on a.words = w.spelling
    union
    select a.words, w.key, 3
    from asked as a
    inner join stakeholder_names as n on a.words = n.spelling
    inner join written_keys as w on n.base_key || coalesce('@' || n.home, '') = w.key
    union
    select a.words, w.key, 4
    from asked as a
    inner join stakeholder_names as n on a.words = n.spelling and n.home is null
    inner join written_keys as w on n.base_key = w.base_key
),

best as (select *, min(rank) over (partition by words) as best from found where key <> '')

select words, list(distinct key order by key)
from best
where rank = best
group by words;
