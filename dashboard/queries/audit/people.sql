-- Who has acted, as the audit log says?
-- Grain: one row a person: their name, or their key where they have none.
-- Parameters: files (of the log).
select distinct coalesce(nullif(person_name, ''), person_key) as person
from audit_lines($files)
where act is not null
order by lower(person)
