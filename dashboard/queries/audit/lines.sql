-- What does each line of some files of the audit log say?
-- Grain: one row a line; of a line that cannot be read all columns are NULL.
-- Parameters: none; the macro takes the files.
create macro audit_lines(files) as table
select *
from read_json(
    files,
    format = 'newline_delimited',
    ignore_errors = true,
    columns = {
        act: 'VARCHAR', moment: 'TIMESTAMP', event: 'VARCHAR', outcome: 'VARCHAR', person_key: 'VARCHAR',
        person_name: 'VARCHAR', person_address: 'VARCHAR', role: 'VARCHAR', way: 'VARCHAR', about: 'VARCHAR',
        details: 'VARCHAR', request: 'VARCHAR'
    }
);
