"""Reading the exchange format: one folder, one file per kind of record, one record per line.

`columns` says how a key of a row becomes a value of a record and back,
`resources` which keys each kind of record has, `load` reads a folder all or
nothing and reports line by line.
"""
