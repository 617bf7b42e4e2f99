-- Which actions are the likeliest ones of each report that matches none? `title_scores` compares the titles.
-- Grain: one row a report and action; three actions a report at most.
insert into suggested_duplicates
with judged as (
    select
        c.subject_no,
        c.action_no,
        case
            when c.reason = 'id' then 0.6
            when c.reason = 'title' then 0.7
            when coalesce(t.score, 0) >= 0.8 then 0.5 * c.maker + 0.5 * t.score
            when c.actions = 1 then 0.75 * c.maker
            else 0.5 * c.maker + 0.2 * coalesce(t.score, 0)
        end as score,
        case
            when c.reason = 'id' then 'several actions have this id'
            when c.reason = 'title' then 'the same title from another stakeholder'
            when c.reason = 'near_maker' and coalesce(t.score, 0) >= 0.8
                then 'a similar title, and a stakeholder spelled almost alike'
            when c.reason = 'near_maker' then 'a stakeholder spelled almost alike'
            when coalesce(t.score, 0) >= 0.8 then 'the same stakeholder and a similar title'
            when c.actions = 1 then 'the only action of this stakeholder'
            else 'the same stakeholder'
        end as why
    from report_candidates as c
    left join title_scores as t on c.subject_no = t.left_no and c.action_no = t.right_no
),

by_action as (
    select subject_no, action_no, max(score) as score, arg_max(why, (score, why)) as why
    from judged
    where score >= 0.45
    group by subject_no, action_no
),

best as (
    select * from by_action
    qualify row_number() over (partition by subject_no order by score desc, action_no) <= 3
),

each_report as (
    select subject_no, ref, unnest(report_keys) as report_key from report_subjects
),

told as (
    select report_key, min(report_no) as report_no from snapshot.progress_reports where action_no is null group by 1
)

select
    'report',
    k.report_key,
    concat_ws(': ', p.stakeholder, coalesce(p.action_title, s.ref)),
    a.action_id,
    concat_ws(': ', a.stakeholder, a.title),
    round(b.score, 2),
    b.why
from best as b
inner join each_report as s on b.subject_no = s.subject_no
inner join told as k on s.report_key = k.report_key
inner join snapshot.progress_reports as p on k.report_no = p.report_no
inner join snapshot.actions as a on b.action_no = a.action_no
order by k.report_key, b.score desc, a.action_id;
