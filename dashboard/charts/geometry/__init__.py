"""The world's areas on United Nations boundaries, projected and simplified: the data, its derivation, its reader.

`world.json` holds 249 areas by their ISO 3166 codes, and lakes. Its source is `world_50m.topojson` of the npm package
plotly.js (in `dist/plotly-geo-assets.js`; `LICENSE.txt`), whose countries are derived from United Nations geospatial
data. Boundaries are as the United Nations draw them, not as they are held on the ground; the boundaries and names shown
and the designations used do not imply official endorsement or acceptance by the United Nations. Every map says so.

Areas that the source has in several parts under one code (BES, ECU, ESP, MUS, PRT, PSE) are one. Lines are projected
(Equal Earth) and simplified. Very small rings are left out, unless they are the largest of their area; so is
Antarctica.

- `spots`, by code, where the world is 9,000 units wide: `dot`, a point inside; `size`, the side of a square as large as
  the largest ring; `box`, from and to of its main parts, without islands far away.
- `levels`, at each `width`: by code, and for `lakes`, a list of rings, each its box (left, top, right, bottom; y
  downwards from the equator) and its path.

Six areas have no ISO 3166 code: `XJK` Jammu and Kashmir, `XAC` Aksai Chin, `XAP` Arunachal Pradesh, `XHT` Hala’ib
Triangle, `XBT` Bir Tawil, `XIT` Ilemi Triangle. They are drawn hatched and belong to no country. San Marino, the Holy
See, and Wallis and Futuna are not in the source; they have a dot only. Of the shipped codelist's codes `ANT`, `ATA`,
`CHA`, `IOT`, `KOS` and `UMI` have no place, and stand beside the map.
"""
