-- How many reports about the selected actions chose each answer to a question, of how many that answered it, and how
-- many reports are there in all (by the day, in the wave; a null wave is any)? `unmatched` counts the answering reports
-- that match no action: they belong to no selection.
-- Grain: one row a choice, also those that nobody gave.
-- Parameters: selection; question, wave.
with chosen as (
    select action_no
    from selected_actions($selection)
),

timely as (
    select report_no, action_no
    from progress_reports
    where reported_on <= $as_of and ($wave::varchar is null or wave = $wave)
),

reports as (
    select report_no
    from timely
    where action_no in (select action_no from chosen)
),

given as (
    select a.report_no, a.answer
    from survey_answers as a
    inner join reports as r on a.report_no = r.report_no
    where a.question = $question
),

counted as (
    select answer, count(*) as reports
    from given
    group by answer
)

select
    c.answer,
    c.labels,
    c.sort_order,
    coalesce(n.reports, 0) as reports,
    (select count(distinct report_no) from given) as answered,
    (select count(*) from reports) as reports_in_all,
    (
        select count(distinct a.report_no)
        from survey_answers as a
        inner join timely as t on a.report_no = t.report_no
        where a.question = $question and t.action_no is null
    ) as unmatched
from survey_choices as c
left join counted as n on c.answer = n.answer
where c.question = $question
order by c.sort_order, c.answer
