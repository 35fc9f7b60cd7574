"""Every text of the interface is translated, and nothing is translated in vain."""

from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from pathlib import Path
import pytest
import subprocess
import sys


ROOT = Path(__file__).resolve().parents[3]
SOURCES = [
    ROOT / "src" / f"civisdata.{name}" for name in ("content", "policy", "theme")
]
CATALOGS = sorted((ROOT / "src").glob("**/locales/fr/LC_MESSAGES/civisdata.po"))
TEMPLATES = sorted(path for source in SOURCES for path in source.glob("src/**/*.pt"))

#: Before these, French puts a no-break space; after « likewise.
NO_BREAK = "\u00a0\u202f"


def i18ndude(*arguments: str) -> subprocess.CompletedProcess:
    program = Path(sys.prefix) / "bin" / "i18ndude"
    code = "from i18ndude.script import main; main()"
    command = [str(program)] if program.exists() else [sys.executable, "-c", code]
    return subprocess.run([*command, *arguments], capture_output=True, text=True)


def texts_of_code() -> set[str]:
    """All msgids in Python: what i18ndude's own extraction breaks at line ends."""
    found = set()
    for source in SOURCES:
        for path in source.glob("src/**/*.py"):
            with path.open("rb") as handle:
                found |= {row[2] for row in extract_python(handle, ["_"], [], {})}
    return {text if isinstance(text, str) else text[0] for text in found if text}


@pytest.fixture(scope="module")
def texts(tmp_path_factory) -> set[str]:
    """All msgids that people see; ZCML's titles are for the ZMI."""
    pot = tmp_path_factory.mktemp("i18n") / "civisdata.pot"
    done = i18ndude(
        "rebuild-pot", "--pot", str(pot), "--create", "civisdata", *map(str, SOURCES)
    )
    assert pot.exists(), done.stderr
    with pot.open("rb") as handle:
        found = {
            message.id
            for message in read_po(handle)
            if message.id
            and any(name.endswith((".pt", ".xml")) for name, _ in message.locations)
        }
    assert len(found) > 100
    return found | texts_of_code()


@pytest.fixture(scope="module")
def french() -> dict[str, str]:
    """All French texts by msgid, of all rooms."""
    found: dict[str, str] = {}
    for path in CATALOGS:
        with path.open("rb") as handle:
            found |= {row.id: row.string for row in read_po(handle) if row.id}
    return found


def test_every_text_has_a_french_translation(texts, french):
    assert sorted(text for text in texts if not french.get(text)) == []


def test_no_translation_is_left_over(texts, french):
    assert sorted(set(french) - texts) == []


def test_rooms_agree_on_a_text_that_both_have():
    found: dict[str, str] = {}
    for path in CATALOGS:
        with path.open("rb") as handle:
            for row in read_po(handle):
                if row.id:
                    assert found.setdefault(row.id, row.string) == row.string


def test_placeholders_are_kept(french):
    import re

    for text, translation in french.items():
        assert set(re.findall(r"\$\{\w+\}", text)) == set(
            re.findall(r"\$\{\w+\}", translation)
        ), text


def test_french_typography(french):
    import re

    wrong = [
        translation
        for translation in french.values()
        if re.search(r"[^\s\u00a0\u202f] [;!?»]|« |\w'\w| :(\s|$)", translation)
    ]
    assert wrong == []


def test_templates_leave_no_text_untranslated():
    done = i18ndude("find-untranslated", "-n", *map(str, TEMPLATES))
    assert "lines of error" not in done.stdout
    assert [line for line in done.stdout.splitlines() if line.strip()] == []
