"""Several charts of one selection as a deck, a document, a workbook or a ZIP."""
