-- Which actions are similar to one, and what do they have in common with it? Each kind of trait counts from 0 (nothing
-- in common) to 1 (the same): themes and places by the shared part of all that both name, words by the number of
-- telling ones, the first ones most. Together: .35 for themes, .2 for the kind of action, .5 for words, and for the
-- nearest kind of place that both share, .2 for countries, .12 for subregions, .08 for regions (also `global`). Those
-- that reach `least` are near; listed are the `most` nearest, and as many of the same stakeholder.
-- Grain: one row an action that is near × trait that both have; the nearest first, its most telling trait first.
-- Parameters: action_id, least, most.
with own as (
    select a.action_no, a.stakeholder_id, t.trait, t.written, t.weight
    from action_traits as t
    inner join actions as a on t.action_no = a.action_no
    where a.action_id = $action_id
),

shared as (
    select t.action_no, t.kind, o.written, o.weight * t.weight as product
    from own as o
    inner join action_traits as t on o.trait = t.trait and o.action_no <> t.action_no
),

alike as (
    select
        action_no,
        .35 * coalesce(sum(product) filter (kind = 'theme'), 0)
        + .2 * coalesce(sum(product) filter (kind = 'category'), 0)
        + coalesce(
            greatest(
                .2 * sum(product) filter (kind = 'country'),
                .12 * sum(product) filter (kind = 'subregion'),
                .08 * sum(product) filter (kind = 'region')
            ),
            0
        )
        + .5 * (1 - exp(-3 * coalesce(sum(product) filter (kind = 'word'), 0))) as likeness
    from shared
    group by action_no
    having likeness >= $least
),

nearest as (
    select
        l.action_no,
        l.likeness,
        coalesce(a.stakeholder_id = (select any_value(o.stakeholder_id) from own as o), false) as is_own
    from alike as l
    inner join actions as a on l.action_no = a.action_no
    qualify row_number() over (partition by is_own order by round(l.likeness, 2) desc, l.action_no asc) <= $most
)

select n.action_no, n.is_own, n.likeness, s.kind, s.written
from nearest as n
inner join shared as s on n.action_no = s.action_no
order by n.likeness desc, n.action_no asc, s.product desc, s.written asc
