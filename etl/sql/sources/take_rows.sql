-- Take the rows of an export as they stand: which answer each belongs to, and where it stands; the line of names is 0.
-- A row of a repeated group belongs to the answer that its key begins with, as `uuid:…/visit[2]`.
-- Parameters: $path, $columns, $delimiter; $key, the column that names the answer. raw_rows stands for the table.
create or replace temp table raw_rows as
select
    row_number() over () - 1 as place,
    split_part(coalesce(columns(lambda name: name = $key), ''), '/', 1) as answer,
    *
from read_csv(
    $path,
    columns = $columns,
    auto_detect = false,
    header = false,
    delim = $delimiter,
    quote = '"',
    escape = '"',
    allow_quoted_nulls = false,
    null_padding = true,
    strict_mode = false,
    parallel = false,
    max_line_size = 20000000
)
