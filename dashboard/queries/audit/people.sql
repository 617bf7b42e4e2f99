-- Who has acted, as the audit log says, and how many lines of it cannot be read?
-- Grain: one row a person: their name, or their key where they have none; NULL for lines that cannot be read.
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
