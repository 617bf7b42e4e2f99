-- What stands behind a status in a snapshot of an older program? It does not say.
-- Grain: one row a report, as in the table that this view stands before.
-- Parameters: none.
create view progress_reports as
select
    *,
    null::varchar as evidence,
    null::varchar as evidence_source,
    null::date as reviewed_on,
    null::date as verified_on
from snapshot.progress_reports
