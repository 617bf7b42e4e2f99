-- Which stakeholders may be one? The best reason of all pairs of their names; never those that staff told apart.
-- Grain: one row a pair of stakeholders.
-- Nothing without: name_pairs.
insert into suggested_duplicates
with paired as (
    select
        if(a.stakeholder_id < b.stakeholder_id, a.stakeholder_id, b.stakeholder_id) as left_id,
        if(a.stakeholder_id < b.stakeholder_id, b.stakeholder_id, a.stakeholder_id) as right_id,
        p.score,
        p.why
    from name_pairs as p
    inner join all_names as a on p.left_no = a.name_no
    inner join all_names as b on p.right_no = b.name_no
    where
        a.stakeholder_id <> b.stakeholder_id
        -- The same institution of two countries is two.
        and not (
            contains(a.first_key, '@') and contains(b.first_key, '@')
            and split_part(a.first_key, '@', 2) <> split_part(b.first_key, '@', 2)
        )
),

best as (
    select left_id, right_id, max(score) as score, arg_max(why, (score, why)) as why
    from paired
    group by left_id, right_id
)

select 'stakeholder', p.left_id, a.name, p.right_id, b.name, round(p.score, 2), p.why
from best as p
inner join stakeholder_display as a on p.left_id = a.stakeholder_id
inner join stakeholder_display as b on p.right_id = b.stakeholder_id
anti join settled_pairs as s on least(a.key, b.key) = s.left_key and greatest(a.key, b.key) = s.right_key
order by p.score desc, p.left_id, p.right_id
limit $suggestions;
