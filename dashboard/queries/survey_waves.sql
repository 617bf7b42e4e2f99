-- In which waves of the survey was a question answered, whatever the selection?
-- Grain: one row a wave, the earliest first; reports that name no wave aside.
-- Parameters: question.
select
    r.wave,
    count(*) as answered
from (select distinct report_no from survey_answers where question = $question) as a
inner join progress_reports as r on a.report_no = r.report_no
where r.wave is not null
group by r.wave
order by min(r.reported_on), r.wave
