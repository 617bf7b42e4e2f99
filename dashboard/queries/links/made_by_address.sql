-- Which links name a person before erasure?
-- Grain: one row a link.
-- Parameters: address, in small letters.
select handle
from links
where
    lower(made_name) = :address
    or (made_as <> '' and lower(json_extract(made_as, '$.identity.address')) = :address)
