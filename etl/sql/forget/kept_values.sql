-- Which values of a private store may hold an e-mail address?
-- Grain: one row a distinct value. Parameters: none.
select distinct value
from held.contacts
where contains(value, '@') or contains(value, '%40')
