-- How many rows has the extract of themes and countries of all actions?
-- Grain: one row.
insert into snapshot.derived.extract_sizes
select coalesce(sum(sheet_rows), 0) from themes_countries_rows();

-- How many reports and answers are there of each day?
-- Grain: one row a day.
insert into snapshot.derived.extract_days
with answers as (
    select
        report_no,
        count(*) as answers
    from snapshot.survey_answers
    group by report_no
)

select
    r.reported_on,
    count(*) as reports,
    coalesce(sum(a.answers), 0) as answers
from snapshot.progress_reports as r
left join answers as a on r.report_no = a.report_no
group by r.reported_on
order by r.reported_on;
