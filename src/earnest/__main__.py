"""Lets `python -m earnest` be the command `earnest`. It is not a place for code: see `cli`."""

from earnest.cli import main

if __name__ == "__main__":
    main()
