"""Keeping a copy of the pages that prove something, and seeing whether their links still lead there.

The addresses were typed by people, and the servers behind them are strangers:
nothing here trusts either. `addresses` says what may be opened at all,
`connection` sees to it when the socket opens, `fetch` asks for one page,
`verdicts` says what the answer means for a link, `copies` keeps and reads back
the bytes. None of it knows a model; `manage.py archive_sources` writes down
what comes out.
"""
