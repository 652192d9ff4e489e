"""The page's server: an API on the loopback address that answers to views, and the built page.

It stands on the public verbs and the reports, and holds no rule of its own: a route reads the state of a view, takes
its turn at the engine, calls a verb, and sends what the reports make of the result. `afterfall.web.page_app` makes the
application, `afterfall.web.serving` runs it. It needs the extra ``web``.
"""
