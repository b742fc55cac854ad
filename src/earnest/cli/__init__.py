"""The command line: one small module for each thing a person does with Earnest.

Not here: how it is done. These modules read arguments, call `main.py` and print.
"""

from earnest.cli.app import main

__all__ = ["main"]
