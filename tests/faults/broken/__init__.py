"""Deliberately broken variants: the red arms. Each module is one sin that somebody could commit.

Run a process with a sin: `python -m tests.faults.broken SIN MODULE [ARGUMENT …]`. The sin is
committed before the module runs, in that process alone; no product code knows of any of this.
"""
