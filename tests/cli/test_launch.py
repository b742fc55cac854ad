"""`earnest launch verify-draw`: a true draw holds, and every false one is named."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from earnest.cli.launch import MEANINGS, verify_draw
from earnest.cli.terms import TermsUnreadable
from earnest.core.launch.draw import DrawDocument, DrawFault
from tests.core.test_draw import DOCUMENT, FALSE


def written(folder: Path, document: DrawDocument) -> Path:
    file = folder / "draw.json"
    file.write_bytes(msgspec.json.encode(document))
    return file


def test_a_true_draw_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, DOCUMENT)
    draw = DOCUMENT.draw

    assert verify_draw(str(file)) == 0
    assert "holds" in capsys.readouterr().out
    assert (
        verify_draw(str(file), commitment=draw.commitment, entries_digest=draw.entries_digest) == 0
    )


@pytest.mark.parametrize(("document", "fault"), FALSE)
def test_a_false_draw_is_named(
    document: DrawDocument, fault: DrawFault, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify_draw(str(written(tmp_path, document))) == 1
    assert fault.value in capsys.readouterr().err.replace("\n", "")


def test_what_was_noted_before_is_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, DOCUMENT)

    assert verify_draw(str(file), commitment="other", entries_digest="other") == 1
    said = capsys.readouterr().err.replace("\n", "")
    assert "commitment_noted_differs" in said
    assert "digest_noted_differs" in said
    file.write_text("[]")
    assert verify_draw(str(file)) == 1
    assert set(MEANINGS) == set(DrawFault)


def test_a_missing_document_is_called_a_draw_and_nothing_else(tmp_path: Path) -> None:
    missing = tmp_path / "draw.json"

    with pytest.raises(TermsUnreadable) as refused:
        verify_draw(str(missing))

    assert str(refused.value) == (
        f"{missing} cannot be read (No such file or directory). "
        "Name the file of a draw's document, or its http(s) address. [file_unreadable]"
    )
