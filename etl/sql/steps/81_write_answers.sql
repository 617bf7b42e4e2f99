-- The answers to closed questions, one a choice.
-- Grain: one row a report, question and choice.
insert into snapshot.survey_answers
select r.report_no, p.action_id, r.wave, a.question, trim(u.answer)
from staged_answers as a
inner join kept_reports as r on r.kind = 'progress_reports' and a.row_no = r.row_no
inner join snapshot.progress_reports as p on r.report_no = p.report_no
cross join unnest(string_split(a.answers, chr(31))) as u (answer)
where trim(u.answer) <> ''
order by all;
