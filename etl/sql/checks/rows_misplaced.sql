-- severity: question
-- Which rows stand under headers that are not theirs?
-- Grain: one row a place.
-- Nothing without: misplaced_rows.
with places as (
    select sheet_no, what, min(first_row) as first_row, max(last_row) as last_row, max(column_no) as column_no
    from misplaced_rows
    group by sheet_no, what
)

select
    concat(
        s.file_name,
        if(s.sheet_name is null, '', ', sheet "' || s.sheet_name || '"'),
        case p.what
            when 'column' then concat(
                ', column "', coalesce(s.headers[p.column_no], 'column ' || p.column_no),
                '": it begins a row too low, and its last cell stands alone in row ', p.first_row, '.'
            )
            when 'apart' then concat(
                ': rows ', p.first_row, ' to ', p.last_row,
                ' stand below a blank row and fill only a few cells, as if they were another table.'
            )
        end
    ) as what,
    case p.what
        when 'column' then concat(
            'Move the cells of that column one row up; if they are right, delete row ', p.first_row, '.'
        )
        when 'apart' then 'If they are another table, put it on a sheet of its own; if they belong to this one, delete '
            || 'the blank row above them.'
    end as remedy
from places as p
inner join sheets as s on p.sheet_no = s.sheet_no
order by p.sheet_no, p.first_row
