-- The work database's own tables: what was read, and what became of rows that were not accepted.

create table files (source_file varchar, sha256 varchar);

create table sheets (
    sheet_no integer, source_file varchar, sheet varchar, recipe varchar, kind varchar, rows_read bigint
);

create table rejections (
    kind varchar, sheet_no integer, source_row bigint, field varchar, value varchar, reason varchar
);

create table merges (
    kind varchar, sheet_no integer, source_row bigint, kept_action_id varchar, why varchar
);

create table private.contacts (
    source_file varchar, sheet varchar, source_row bigint, header varchar, value varchar
);
