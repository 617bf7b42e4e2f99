-- The new name of a stakeholder; the first decision counts.
insert into renamed_stakeholders
select $key, $name
where not exists (select 1 from renamed_stakeholders where key = $key)
