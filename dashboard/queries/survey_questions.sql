-- Which closed questions do the surveys ask, and how many reports about the selected actions answer each by the day?
-- Grain: one row a question that any report answers.
-- Parameters: selection.
with chosen as (
    select action_no
    from selected_actions($selection)
),

answered as (
    select distinct question, report_no
    from survey_answers
)

select
    q.question,
    q.texts,
    q.takes_several,
    count(*) filter (r.reported_on <= $as_of and r.action_no in (select action_no from chosen)) as answered
from survey_questions as q
inner join answered as a on q.question = a.question
inner join progress_reports as r on a.report_no = r.report_no
group by q.question, q.texts, q.takes_several, q.sort_order
order by q.sort_order, q.question
