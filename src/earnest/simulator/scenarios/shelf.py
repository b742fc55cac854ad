"""Terms and catalogues that a case names: shipped examples by name, others by their path.

Not here: what a case changes about them (`terms_given.py`).
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec

from earnest.core.catalogue.model import Catalogue
from earnest.core.terms.document import TermsDocument
from earnest.core.terms.reading import read_document
from earnest.demo.maker import TERMS_FILE, demo_catalogue
from earnest.simulator.scenarios.fault import FaultCode
from earnest.simulator.scenarios.keys import text
from earnest.simulator.scenarios.written import Faults, Written

DEMO = "demo"
"""The terms and the catalogue of the demo maker."""

EXAMPLES = Path("examples") / "terms"
"""Where shipped terms stand, somewhere above the case that names them."""


@cache
def _demo_document() -> TermsDocument:
    source = files("earnest.demo").joinpath(TERMS_FILE).read_text(encoding="utf-8")
    read = read_document(source, TERMS_FILE)
    assert isinstance(read, TermsDocument), "the demo's terms can be read"
    return read


class Shelf:
    """Finds documents for the cases of one file; paths are relative to that file."""

    def __init__(self, folder: Path, faults: Faults) -> None:
        """Look from this folder, into these faults."""
        self._folder = folder.resolve()
        self._faults = faults

    def terms(self, written: Written | None) -> TermsDocument | None:
        """The document of the terms that are named; the demo's when none are."""
        if written is None or written.value == DEMO:
            return _demo_document()
        path = self._terms_path(text(written, self._faults))
        source = self._text(path, written, FaultCode.TERMS_UNKNOWN)
        if source is None:
            return None
        read = read_document(source, str(path))
        if isinstance(read, TermsDocument):
            return read
        for fault in read:
            self._faults.add(written, FaultCode.TERMS_MALFORMED, fault.sentence())
        return None

    def _terms_path(self, named: str) -> Path:
        """A path as it is; a name as the shipped example of that name, from the nearest folder."""
        if named.endswith(".toml"):
            return self._folder / named
        for folder in (self._folder, *self._folder.parents):
            shipped = folder / EXAMPLES / f"{named}.toml"
            if shipped.exists():
                return shipped
        return self._folder / f"{named}.toml"

    def catalogue(self, written: Written | None) -> Catalogue | None:
        """The catalogue that is named; the demo's when none is."""
        if written is None or written.value == DEMO:
            return demo_catalogue()
        path = self._folder / text(written, self._faults)
        source = self._text(path, written, FaultCode.CATALOGUE_UNKNOWN)
        if source is None:
            return None
        try:
            return msgspec.convert(tomllib.loads(source), Catalogue)
        except ValueError as error:
            self._faults.add(written, FaultCode.CATALOGUE_MALFORMED, f"{path}: {error}.")
            return None

    def _text(self, path: Path, written: Written, code: FaultCode) -> str | None:
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            self._faults.add(written, code, f"{written.form} is not found: {error}.")
            return None
