-- How many submissions got another root in this round?
select count(*)
from action_roots_next as n
inner join action_roots as r on n.row_no = r.row_no and n.root <> r.root
