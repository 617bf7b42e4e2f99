-- Write the schema by which the snapshot is made.
-- Parameters: $schema_mark.
insert into snapshot.snapshot_schema values ($schema_mark)
