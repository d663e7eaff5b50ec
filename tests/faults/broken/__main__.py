"""Commit the sin, then become the process that would have run."""

import runpy
import sys
from importlib import import_module


def main(sin: str, module: str, *arguments: str) -> None:
    """Run `module` as if by `python -m`, with the sin in it."""
    import_module(f"tests.faults.broken.{sin}").commit()
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
