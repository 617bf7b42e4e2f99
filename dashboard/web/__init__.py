"""HTTP beside the pages: charts, extracts, the files that pages offer, and what all answers share.

What is handed out is declared once: charts in every form, extracts, feeds, their lists, and what else routes answer.
An `Operation` (`operation.py`) is one path with one method: its id and family, the forms of its answer, its parameters,
its refusals, what it costs, whether scripts of every site may read it and a signed link opens it. Three things are made
of it, so that none of them can differ from another:

- the route: `dashboard.web.api_route.ApiRoute` joins operations to an endpoint and to who may ask (`AccessClass`); it
  answers HEAD, OPTIONS and methods that it does not have;
- OpenAPI and its page for people: `dashboard.web.openapi`;
- signed links and rules of the guard: `dashboard.web.guard` asks the route whether it is open and takes links.

How it is handed out is the same for all (`dashboard.web.handouts`). An endpoint is a function that reads a request:
`open_context` gives the settings, the parameters and the build, once, and refuses a build that is gone. It returns

- a `Handout`: the key of all that it is made from, its headers, and what makes it. `deliver` answers 304 to whoever has
  it, else from the one store, in memory or on disk; else it is made in the lane of its cost, once for all who wait;
- or a `Content`: a text made at every request, whose hash is its `ETag`.

Refusals stand around both (`dashboard.web.refusals`). Tables' files and briefings are ordered from workers by
`dashboard.files.extracts.order.submit_file`, whoever asks: a route, a page's button
(`dashboard.ui.pieces.file_at_once`).
"""
