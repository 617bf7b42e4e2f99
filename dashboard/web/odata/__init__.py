"""OData 4.0 at `/odata/`: the tables of the extracts and the measures of every member, for Power BI and Excel."""
