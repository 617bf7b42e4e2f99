"""Charts as Plotly figures, for pages and the interactive embed. One file a kind of chart."""
