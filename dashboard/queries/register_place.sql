-- What is the place of one action in the register of a selection, of how many, and which come before and after it, by
-- one of its columns? `query_templates` inserts its key. The query sorts nothing: it counts the actions before.
-- Grain: one row; none where the selection lacks the action.
-- Parameters: selection; sort (a column), code_order (the codes of that column in their codelist's order, else null),
-- descending, action_id.
with keyed as (
    select
        -- key
        action_no
    from counted_actions($selection)
),

chosen as (
    select action_no, key
    from keyed
    where action_no = (select a.action_no from actions as a where a.action_id = $action_id)
),

compared as (
    select
        k.action_no,
        k.key,
        compare_places(k.key, k.action_no, c.key, c.action_no, $descending) as side
    from keyed as k
    cross join chosen as c
),

counted as (
    select
        count(*) filter (side < 0) + 1 as place,
        count(*) as actions
    from compared
),

before as (
    select action_no
    from compared
    where side < 0
    order by
        case when $descending then key end asc nulls first,
        case when not $descending then key end desc nulls first,
        action_no desc
    limit 1
),

after as (
    select action_no
    from compared
    where side > 0
    order by
        case when $descending then key end desc nulls last,
        case when not $descending then key end asc nulls last,
        action_no asc
    limit 1
)

select
    n.place,
    n.actions,
    b.action_id as id_before,
    b.title as title_before,
    b.language as language_before,
    a.action_id as id_after,
    a.title as title_after,
    a.language as language_after
from counted as n
left join actions as b on b.action_no = (select p.action_no from before as p)
left join actions as a on a.action_no = (select p.action_no from after as p)
where n.actions > 0
