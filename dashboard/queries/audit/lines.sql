-- What are the fields of each line in some files of the audit log?
-- Grain: one row a line; all columns of an unreadable line are NULL.
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
