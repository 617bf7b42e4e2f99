-- severity: question
-- Where do the headers stand again in other columns, with rows below that cannot be read by the first ones?
-- Grain: one row a header row.
-- Nothing without: moved_headers.
select
    concat(
        s.file_name, if(s.sheet_name is null, '', ', sheet "' || s.sheet_name || '"'), ': row ', m.source_row,
        ' holds the headers again, but in other columns: “', m.words, '” stands in column ', m.column_no, ' there',
        case when list_contains(s.headers, m.words)
            then concat(', and in column ', list_position(s.headers, m.words), ' in row ', s.header_row)
            else ''
        end,
        '.'
    ) as what,
    concat(
        'Put the rows from row ', m.source_row, ' on into a file or onto a sheet of their own, or their columns into ',
        'the order of the first table.'
    ) as remedy
from moved_headers as m
inner join sheets as s on m.sheet_no = s.sheet_no
where m.source_row < m.last_row
order by m.sheet_no, m.source_row
