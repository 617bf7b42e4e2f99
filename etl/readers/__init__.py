"""Any export file → raw tables of text, each row with the number that a spreadsheet shows for it."""
