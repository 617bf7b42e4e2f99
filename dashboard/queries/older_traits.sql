-- What may each action have in common with others in a snapshot of an older program, which does not list it? Its
-- themes, its kind and its places, as the build weighs them; no words.
-- Grain: one row an action × trait, as in the table that this view stands for.
-- Parameters: none.
create view action_traits as
with named as (
    select action_no, dimension as kind, member
    from snapshot.action_members
    where
        dimension in ('theme', 'category', 'country', 'subregion', 'region')
        and member not in ('unclassified', 'other')
),

rare as (
    select kind, member, ln(1 + (select count(*) from snapshot.actions) / count(*)) as rarity
    from named
    group by kind, member
)

select
    n.action_no,
    n.kind,
    n.kind || ':' || n.member as trait,
    n.member as written,
    sqrt(r.rarity / sum(r.rarity) over (partition by n.action_no, n.kind)) as weight
from named as n
inner join rare as r on n.kind = r.kind and n.member = r.member
