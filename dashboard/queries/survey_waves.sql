-- In which rounds of the survey was a question answered, whatever the selection?
-- Grain: one row a round, the earliest first; a null round are the reports that name none.
-- Parameters: question.
select
    r.wave,
    count(*) as answered
from (select distinct report_no from survey_answers where question = $question) as a
inner join progress_reports as r on a.report_no = r.report_no
where r.wave is not null
group by r.wave
order by min(r.reported_on), r.wave
