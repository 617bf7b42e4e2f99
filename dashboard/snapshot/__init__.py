"""The published database, the selection that every query takes, and the receipts of figures."""
