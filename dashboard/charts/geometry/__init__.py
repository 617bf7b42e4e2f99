"""The world's areas on United Nations boundaries, projected and simplified: the data, how it is derived, its reader."""
