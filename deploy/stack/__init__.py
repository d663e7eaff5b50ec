"""The embedded stack: PostgreSQL, Valkey, a mail sink and Remit's processes in one data folder.

`remit up` lays it out, starts it under one supervisor and keeps it; everything else finds it by
`StackAddress`. On managed servers none of this runs: there the processes read the environment.
"""
