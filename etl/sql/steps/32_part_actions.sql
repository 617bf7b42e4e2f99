-- Which submissions tie actions together that have different ids of their own? Their title belongs to one action and
-- their response id to another: they are taken out of both.
-- Grain: one row a linked submission (table `action_roots`, to be spread anew).
-- Parameters: roots, of the submissions that were tied so.
delete from action_links as l
using action_keys as k, action_roots as r
where l.row_no = k.row_no
    and l.row_no = r.row_no
    and l.shared = 'stakeholder_title'
    and k.named_action is null
    and list_contains($roots::bigint[], r.root);

create or replace table action_roots as
select row_no, min(first_row) as root from action_links group by row_no;
