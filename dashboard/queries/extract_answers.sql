-- Which answers did the reports about these actions give to the surveys' closed questions, by the day?
-- Grain: one row a report, question and choice; with `everything` also those of reports that match no action.
-- Parameters: selection; lang; everything; first, last (action_no of a portion).
with chosen as (
    select action_no
    from selected_actions($selection)
    where action_no between $first and $last
),

questions as (
    select
        question,
        sort_order,
        in_language(texts, $lang) as text
    from survey_questions
),

choices as (
    select
        question,
        answer,
        sort_order,
        in_language(labels, $lang) as label
    from survey_choices
)

select
    r.action_id,
    r.action_title,
    stakeholder_in(r.stakeholder, $lang) as stakeholder,
    r.reported_on,
    r.wave,
    -- An answer without a text in any language is its code, written as words.
    coalesce(q.text, upper(a.question[1]) || replace(a.question[2:], '_', ' ')) as question,
    coalesce(c.label, upper(a.answer[1]) || replace(a.answer[2:], '_', ' ')) as answer,
    a.question as question_code,
    a.answer as answer_code,
    a.report_no,
    r.report_id
from survey_answers as a
inner join progress_reports as r on a.report_no = r.report_no
left join questions as q on a.question = q.question
left join choices as c on a.question = c.question and a.answer = c.answer
where
    r.reported_on <= $as_of
    and (r.action_no in (select action_no from chosen) or ($everything::boolean and r.action_no is null))
order by r.action_no nulls last, a.report_no, q.sort_order, a.question, c.sort_order, a.answer
