-- Which codes of filters have data?
-- Grain: one row a link parameter and code. All regions, other codes where they occur.
-- Parameters: none.
select distinct dimension as parameter, member as code
from action_members
union
select distinct
    'evidence' as parameter,
    unnest(if(step_no = 1, ['claimed', 'claimed_only'], ['evidenced', 'reviewed', 'verified'][:step_no - 1])) as code
from evidence_spells
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
