-- Which actions may be one? With one title, each with an id of its own; alike in title or description, or sent on one
-- day in two languages about the same places; the same title from several stakeholders may be one joint action. Never
-- those that staff told apart.
-- Grain: one row a pair of actions. Parameters: suggestions, how many at most.
-- Nothing without: (select 1 from action_pairs union all select 1 from shared_titles).
insert into suggested_duplicates
with places as (
    select action_no, list(iso3 order by iso3) as countries from snapshot.action_countries group by action_no
),

judged as (
    select
        p.left_no,
        p.right_no,
        greatest(t.score, coalesce(d.score, 0)) as alike,
        t.score as titles,
        coalesce(d.score, 0) as descriptions,
        p.is_joint,
        not p.is_joint and k.title_key = l.title_key and k.title_key <> '' as is_titled_alike,
        a.submitted_on = b.submitted_on and a.language <> b.language as is_translated,
        coalesce(list_has_any(x.countries, y.countries), x.countries is null or y.countries is null) as share_places
    from (
        select left_no, right_no, false as is_joint from action_pairs
        union all
        select left_no, right_no, true from shared_titles
    ) as p
    inner join snapshot.actions as a on p.left_no = a.action_no
    inner join snapshot.actions as b on p.right_no = b.action_no
    inner join action_keys as k on p.left_no = k.row_no
    inner join action_keys as l on p.right_no = l.row_no
    left join title_scores as t on p.left_no = t.left_no and p.right_no = t.right_no
    left join description_scores as d on p.left_no = d.left_no and p.right_no = d.right_no
    left join places as x on p.left_no = x.action_no
    left join places as y on p.right_no = y.action_no
),

told as (
    select
        left_no,
        right_no,
        case
            when is_joint then 0.6
            when is_titled_alike and not share_places then 0.7
            when titles >= 0.85 or descriptions >= 0.9 then alike
            when is_translated then 0.55
        end as score,
        case
            when is_joint then 'the same title from another stakeholder'
            when is_titled_alike then 'the same title from the same stakeholder'
            when titles >= 0.85 and is_translated then 'similar titles, sent on the same day'
            when titles >= 0.85 then 'similar titles from the same stakeholder'
            when descriptions >= 0.9 then 'almost the same description from the same stakeholder'
            when is_translated then 'sent on the same day in two languages'
        end as why
    from judged
    where share_places or is_titled_alike
),

settled as (
    select g.kept_row as one, h.kept_row as other
    from settled_actions as s
    inner join action_groups as g on s.left_row = g.row_no
    inner join action_groups as h on s.right_row = h.row_no
)

select 'action', a.action_id, a.title, b.action_id, b.title, round(p.score, 2), p.why
from told as p
inner join snapshot.actions as a on p.left_no = a.action_no
inner join snapshot.actions as b on p.right_no = b.action_no
anti join settled as s on least(s.one, s.other) = p.left_no and greatest(s.one, s.other) = p.right_no
where p.score is not null
order by p.score desc, a.action_id, b.action_id
limit $suggestions;
