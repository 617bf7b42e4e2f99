"""Charts over HTTP: pages made to be framed, pictures, data and descriptions, from the one `Chart` of the pages."""
