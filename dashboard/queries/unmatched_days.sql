-- What are the days of the reports that match no action?
-- Grain: one row a report whose day is known.
-- Parameters: none.
select reported_on
from progress_reports
where action_no is null and reported_on is not null
order by reported_on
