"""The world's areas on United Nations boundaries, projected and simplified: the data, its derivation, its reader."""
