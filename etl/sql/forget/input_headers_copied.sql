-- Which headers stand behind the handles of columns? As before: contacts were taken out of them when they were read.
-- Grain: one row a header.
create table private.input_headers as select * from held.input_headers;
