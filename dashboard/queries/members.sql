-- Which codes can a filter find something with?
-- Grain: one row a link parameter and code. Regions are all offered, the others where they occur.
-- Parameters: none.
select distinct dimension as parameter, member as code
from action_members
union
select distinct 'evidence' as parameter, evidence as code
from progress_reports
where evidence is not null and action_no is not null
union
select 'region' as parameter, code
from codes
where codelist = 'regions'
union
select 'status' as parameter, code
from codes
where codelist = 'statuses' and (base_status is null or code = base_status)
union
select 'status' as parameter, status_code as code
from progress_reports
where status_code is not null;
