"""Documents keep their promises: decisions are short and listed, links lead somewhere.

Not here: whether a text is true, which only a reader can tell.
"""

import re

from tests.tidy.source import ROOT, files, findings, report, text_of, tree

ADR = "docs/adr/"
LONGEST_DECISION = 40

_TITLE = re.compile(r"# (\d{4})\. \S")
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s#]+)(?:#[^)]*)?\)")
_PARTS = ("**Rule.**", "**Reason.**", "**Cost of the alternative.**", "Tags:")


def decisions() -> list[str]:
    """Every decision, without their list."""
    return [name for name in files(ADR, ".md") if name != f"{ADR}README.md"]


def malformed_decision(name: str, text: str) -> list[str]:
    """A decision that is long, or lacks one of its parts."""
    found = []
    lines = len(text.splitlines())
    if lines > LONGEST_DECISION:
        found.append(
            f"{name}: {lines} lines, {LONGEST_DECISION} are allowed; a decision is half a page"
        )
    title = _TITLE.match(text)
    if title is None or not name.rpartition("/")[2].startswith(f"{title[1]}-"):
        found.append(f"{name}: begin with `# NNNN. Title`, the number being that of the file")
    missing = [part for part in _PARTS if part not in text]
    if missing:
        found.append(f"{name}: add {', '.join(missing)}")
    return found


def unlisted(listing: str, names: list[str]) -> list[str]:
    """Decisions that their list does not link."""
    return [
        f"{name}: add a line for it to {ADR}README.md"
        for name in names
        if f"({name.removeprefix(ADR)})" not in listing
    ]


def broken_link(name: str, text: str) -> list[str]:
    """A link to a file that is not there."""
    folder = (ROOT / name).parent
    return [
        f"{name}: the link to {target} leads nowhere; mend or remove it"
        for target in _LINK.findall(text)
        if "://" not in target
        and not target.startswith("mailto:")
        and not (folder / target).exists()
    ]


def test_decisions_are_half_a_page() -> None:
    found = findings(malformed_decision, decisions())

    assert not found, report(found)


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [name.removeprefix(ADR)[:4] for name in decisions()]

    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]


def test_decisions_are_listed() -> None:
    found = unlisted(text_of(f"{ADR}README.md"), decisions())

    assert not found, report(found)


def test_links_lead_somewhere() -> None:
    found = findings(broken_link, [name for name in tree() if name.endswith(".md")])

    assert not found, report(found)


def test_a_malformed_decision_is_found() -> None:
    good = (
        "# 0001. Pure core\n\n**Rule.** a\n**Reason.** b\n**Cost of the alternative.** c\nTags: d\n"
    )

    assert not malformed_decision("docs/adr/0001-pure-core.md", good)
    assert len(malformed_decision("docs/adr/0002-pure-core.md", good)) == 1
    assert len(malformed_decision("docs/adr/0001-pure-core.md", good + "\n" * 40)) == 1
    assert len(malformed_decision("docs/adr/0001-pure-core.md", good.replace("Tags:", ""))) == 1


def test_an_unlisted_decision_is_found() -> None:
    assert not unlisted("[one](0001-one.md)", ["docs/adr/0001-one.md"])
    assert len(unlisted("[one](0001-one.md)", ["docs/adr/0002-two.md"])) == 1


def test_a_broken_link_is_found() -> None:
    assert not broken_link("README.md", "[licence](LICENSE), [site](https://maker.example/x)")
    assert len(broken_link("README.md", "[plan](docs/there-is-no-such-page.md#top)")) == 1
