"""Earnest: selling made-to-order vehicles fairly, from the first deposit to the handover.

This package holds the whole product. It offers nothing for import at this level but its version;
`ARCHITECTURE.md` shows which room to enter.
"""

__version__ = "0.1.0"
