-- What are the first and last days of reports in each wave of the survey, whatever the selection?
-- Grain: one row a wave, the earliest first; reports that name no wave aside.
-- Parameters: as_of (null: all days), question (answered in the wave; null: whatever was answered).
select
    wave,
    min(reported_on) as first_on,
    max(reported_on) as last_on
from progress_reports
where
    wave is not null
    and ($as_of is null or reported_on <= $as_of)
    and ($question is null or report_no in (select a.report_no from survey_answers as a where a.question = $question))
group by wave
order by first_on, wave
