-- Who has acted, by the audit log, and how many of its lines are unreadable?
-- Grain: one row a person: their name, or their key where they have none; NULL for unreadable lines.
-- Parameters: files (of the log).
select
    person,
    count(*) as lines
from (
    select if(act is null or moment is null, null, coalesce(nullif(person_name, ''), person_key)) as person
    from audit_lines($files)
) as lines
group by person
order by lower(person)
