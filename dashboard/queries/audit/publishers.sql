-- Who published each of these builds last, and by which act?
-- Grain: one row a build in the audit log.
-- Parameters: files (of the log), builds (their ids).
select
    details ->> '$.build' as build,
    arg_max(coalesce(nullif(person_name, ''), person_key), moment) as person
from audit_lines($files)
where event in ('published', 'restored') and outcome = 'done' and list_contains($builds, details ->> '$.build')
group by build
