-- The work database's own tables: what was read, and what became of rows that were not accepted.

create table files (source_file varchar, sha256 varchar);

create table sheets (
    sheet_no integer, source_file varchar, sheet varchar, recipe varchar, kind varchar, rows_read bigint
);

create table rejections (
    kind varchar, sheet_no integer, source_row bigint, field varchar, value varchar, reason varchar
);

create table merged_away (
    kind varchar, sheet_no integer, source_row bigint, kept_action_id varchar, why varchar
);

create table private.contacts (
    source_file varchar, sheet varchar, source_row bigint, header varchar, value varchar
);

-- The campaign's codelists: codes, spellings, where countries and subregions lie, and which field looks where.

create table codelist_codes (
    codelist varchar, code varchar, label_en varchar, label_fr varchar, label_es varchar, sort_order integer,
    parent varchar, base_status varchar
);

create table codelist_aliases (codelist varchar, code varchar, spelling varchar);

create table codelist_countries (code varchar, iso2 varchar, subregion varchar, region varchar);

create table codelist_subregions (code varchar, region varchar);

create table cell_lists (field varchar, list varchar);

-- What each piece of each distinct cell means; a piece without code matched nothing.
create table resolved (
    recipe_no integer, field varchar, cell varchar, piece_no integer, piece varchar, codelist varchar, code varchar
);
