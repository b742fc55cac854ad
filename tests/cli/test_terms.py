"""`earnest terms`: printing contracts and the schema, publishing beside a server, looking back.

Not here: `lint` and `diff`, which have files of their own.
"""

from pathlib import Path

import msgspec
import pytest

from earnest.core.terms.schema import json_schema
from tests.cli.calling import Terminal
from tests.demo.running import Running

TEMPLATES = Path(__file__).parents[2] / "examples" / "terms"
CN = TEMPLATES / "cn.toml"


def written(folder: Path, old: str, new: str) -> Path:
    """The Chinese template with a part replaced, in a file of its own."""
    text = CN.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file = folder / "terms.toml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    return file


# render and schema --------------------------------------------------------------------------


def test_a_contract_is_printed_clause_by_clause_with_its_marks(terminal: Terminal) -> None:
    ran = terminal.run("terms", "render", CN)

    assert ran.code == 0
    lines = [line.rstrip() for line in ran.out.splitlines()]
    assert lines[:2] == [
        "Terms of sale cn-template-1",
        "Example Motors Sales (Shanghai) Co., Ltd. · CN · CNY",
    ]
    assert "4. Deposit  deposit" in lines
    place = lines.index("4. Deposit  deposit")
    assert lines[place + 1] == "   ▸ Major impact: acknowledged on its own."
    assert lines[place + 2].startswith("   The buyer pays CNY 5,000 first; page, receipt and ")
    assert "   ▸ Not executed by Earnest." in lines


def test_a_contract_is_printed_in_chinese(terminal: Terminal) -> None:
    ran = terminal.run("terms", "render", CN, "--language", "zh-Hans")

    assert ran.out.startswith("购车条款 cn-template-1")
    assert "4. 订购款  deposit" in ran.out
    assert "买方首先支付人民币5,000元" in ran.out


def test_a_terminal_gets_lines_that_no_closing_mark_begins(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("earnest.cli.printing.console._force_terminal", True)
    for width in (40, 41, 57, 80):
        monkeypatch.setenv("COLUMNS", str(width))
        monkeypatch.setattr("earnest.cli.printing.console._width", width)

        ran = terminal.run("terms", "render", CN, "--language", "zh-Hans")

        lines = [line.strip() for line in ran.out.splitlines() if line.startswith("   ")]
        assert not {line[0] for line in lines if line} & set("\uff0c\u3002\uff1b\uff1a\u3001\u201d")


def test_faults_stand_on_lines_that_editors_jump_to(terminal: Terminal, tmp_path: Path) -> None:
    file = written(tmp_path, 'kind = "earnest"', 'kind = "earnst"\ncolour = 1')

    ran = terminal.run("terms", "render", file)

    assert ran.code == 1
    line = file.read_text(encoding="utf-8").splitlines().index('kind = "earnst"') + 1
    first, second = ran.err.splitlines()
    assert first.startswith(f'{file}:{line}: deposit.kind: cannot be "earnst"; allowed are ')
    assert first.endswith("; did you mean earnest? [value_not_allowed]")
    assert second.startswith(f"{file}:{line + 1}: deposit.colour: is not known; this table ")
    assert "不能为" in terminal.run("terms", "render", file, "--language", "zh-Hans").err


def test_what_is_no_text_is_said_so(terminal: Terminal, tmp_path: Path) -> None:
    missing = terminal.run("terms", "render", tmp_path / "none.toml")
    assert missing.code == 2
    assert "cannot be read (No such file or directory)" in missing.err
    assert "[file_unreadable]" in missing.err

    broken = tmp_path / "broken.toml"
    broken.write_bytes(b'version = "1"\nlabel = "\xff"\n')
    ran = terminal.run("terms", "render", broken)
    assert ran.code == 2
    assert f"{broken}:2: this is not UTF-8. Save the file as UTF-8. [encoding_wrong]" in ran.err


def test_the_schema_is_json_and_complete(terminal: Terminal) -> None:
    ran = terminal.run("terms", "schema")

    assert ran.code == 0
    assert msgspec.json.decode(ran.out) == msgspec.json.decode(msgspec.json.encode(json_schema()))


def test_the_page_of_all_keys_is_what_the_command_prints(terminal: Terminal) -> None:
    page = (Path(__file__).parents[2] / "docs" / "terms-keys.md").read_text(encoding="utf-8")

    assert terminal.run("terms", "schema", "--markdown").out == page, "run `make docs`"


# publish and show ---------------------------------------------------------------------------


def test_terms_are_published_beside_a_running_demo_and_shown(
    terminal: Terminal, demo: Running
) -> None:
    ran = terminal.run("terms", "publish", CN, "--as", "ida-terms", "--data", demo.data)
    assert (ran.code, ran.err) == (0, "")
    digest = ran.out.splitlines()[-1]
    assert len(digest) == 64
    again = terminal.run("terms", "publish", CN, "--as", "ida-terms", "--data", demo.data)
    assert again.out == ran.out

    shown = terminal.run("terms", "show", digest, "--data", demo.data)
    assert shown.code == 0
    assert shown.out.startswith("Terms of sale cn-template-1")
    assert digest in shown.out
    source = terminal.run("terms", "show", digest, "--source", "--data", demo.data)
    assert source.out == CN.read_text(encoding="utf-8")
    paper = terminal.run("terms", "show", digest, "--markdown", "--data", demo.data)
    assert paper.out.startswith("# Terms of sale cn-template-1\n")
    assert demo.ask(f"/terms/{digest}", "auditor")["version"] == "cn-template-1"


def test_what_may_not_be_published_is_listed(
    terminal: Terminal, demo: Running, tmp_path: Path
) -> None:
    file = written(tmp_path, 'when = "after_inspection"', 'when = "on_notice"')

    ran = terminal.run("terms", "publish", file, "--as", "ida-terms", "--data", demo.data)

    assert ran.code == 1
    assert ran.out == ""
    assert ': balance_due.when: "on_notice" cannot run, because a demand for the ' in ran.err
    assert ran.err.count(": balance_due.when: ") == 2
    assert "[S1]" in ran.err


def test_a_name_that_was_used_is_refused_with_a_way_out(
    terminal: Terminal, demo: Running, tmp_path: Path
) -> None:
    terminal.run("terms", "publish", CN, "--as", "ida-terms", "--data", demo.data)
    file = written(tmp_path, "hours = 168", "hours = 169")

    ran = terminal.run("terms", "publish", file, "--as", "ida-terms", "--data", demo.data)

    assert ran.code == 1
    assert "The version cn-template-1 was published with another text." in ran.err
    assert "[version_taken]" in ran.err


def test_terms_that_nobody_published_are_not_shown(terminal: Terminal, demo: Running) -> None:
    ran = terminal.run("terms", "show", "0" * 64, "--data", demo.data)

    assert ran.code == 1
    assert "were published. [terms_unknown]" in ran.err
