"""What the pages are made of: the only modules of `dashboard` that know Streamlit."""
