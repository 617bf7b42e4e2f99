-- Which steps may tell that odd rows of a sheet are none, or out of place: those of headers, of misplaced rows (where
-- the last row is odd), of totals, of notes and headings, of prepared rows, of test rows, of lines of help?
-- Parameters: above: what stands above the headers, folded; test: a pattern of the words of test rows.
-- Grain: one row.
select
    bool_or(
        has_header
        or (filled >= 3 and regexp_full_match(all_folded, '(1 2 3|a b c)( .*)?'))
        or (filled = 1 and list_contains($above, first_folded))
    ),
    max(source_row) = (select max(source_row) from listed_rows),
    bool_or(is_total(first_folded) or (numbers > 0 and texts <= 1)),
    bool_or(texts > 0 and (filled <= 2 or (texts = 1 and numbers > 0))),
    bool_or(has_id and not has_title and not has_maker),
    (select bool_or(regexp_matches(folded || ' ' || words, $test)) from odd_cells),
    bool_or(filled >= 3 and is_help(first_folded))
from odd_shapes;
