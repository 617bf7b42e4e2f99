"""The published database, the selection that every query takes, the texts of queries, and the receipts of figures."""
