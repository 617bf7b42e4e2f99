-- Which links of an erased person lose their name? The links end.
-- Grain: one row a link of theirs.
-- Parameters: address, in small letters; today.
update links
set
    made_name = '',
    made_as = '',
    made_by = '',
    revoked_on = coalesce(revoked_on, :today)
where
    lower(made_name) = :address
    or (made_as <> '' and lower(json_extract(made_as, '$.identity.address')) = :address)
