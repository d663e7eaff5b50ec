"""What is said of a failed handling, in the bus and in the log: who, what and where, never whose data."""


def reason(error: Exception) -> str:
    """The error's class, and PostgreSQL's code and constraint: never its text, which may quote data."""
    cause = getattr(error, "orig", None)
    if cause is None:
        return type(error).__name__
    constraint = getattr(getattr(cause, "diag", None), "constraint_name", None)
    known = (type(cause).__name__, getattr(cause, "sqlstate", None), constraint)
    return ":".join(part for part in known if part)


def place(error: Exception) -> str:
    """File and line where it was raised."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    if trace is None:
        return ""
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
