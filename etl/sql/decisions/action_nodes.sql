-- Which action does each id in decisions.csv mean? The register's id, else a submission's, else one written
-- another way.
-- Grain: one row an id that is found, with the kept submissions of all actions that it may mean.
-- Parameters: asked, the ids.
with asked as (select distinct unnest($asked::varchar[]) as words),

found as (
    select a.words, o.row_no, 1 as rank from asked as a inner join own_actions as o on a.words = o.action_id
    union
    select a.words, n.row_no, 1 from asked as a inner join nameless_actions as n on a.words = n.action_id
    union
    select a.words, g.kept_row, 2
    from asked as a
    inner join action_keys as k on a.words = k.own_id
    inner join own_groups as g on k.row_no = g.row_no
    union
    select a.words, g.kept_row, 2
    from asked as a
    inner join action_keys as k on k.submission_id is null and a.words = hidden_id(k.own_id)
    inner join own_groups as g on k.row_no = g.row_no
    union
    select a.words, g.kept_row, 2
    from asked as a
    inner join submission_names as n on a.words in (n.name, hidden_id(n.name))
    inner join own_groups as g on n.row_no = g.row_no
    union
    select a.words, g.kept_row, 3
    from asked as a
    inner join action_keys as k on loose_id(a.words) in (loose_id(k.submission_id), loose_id(k.submission_ref))
    inner join own_groups as g on k.row_no = g.row_no
),

best as (select *, min(rank) over (partition by words) as best from found)

select words, list(distinct row_no order by row_no)
from best
where rank = best
group by words;
