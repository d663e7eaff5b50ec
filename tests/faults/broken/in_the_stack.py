"""Has `remit up` start its web process with a sin: `answers_first`, in the whole embedded stack."""

from deploy.stack import programs


def commit() -> None:
    """The supervisor is told of another command."""
    rightly = programs._python

    def python(module: str, *arguments: object) -> tuple[str, ...]:
        if module != "deploy.processes.web":
            return rightly(module, *arguments)
        return rightly("tests.faults.broken", "answers_first", module, *arguments)

    programs._python = python
