"""The panel of other authorities, over HTTP."""

from civisdata.content.vault.transfer.authorities import Authority
from civisdata.content.vault.transfer.portal_keys import recipient
from civisdata.content.vault.transfer.portal_keys import signing_publics
from helpers.people import staff
from html import unescape
from pyrage import x25519
import pytest
import re
import requests
import transaction


@pytest.fixture
def panel(functional, server):
    """Send the panel's form as a webmaster; give status and text."""
    http = requests.Session()
    http.headers["Accept-Language"] = "fr"
    http.auth = ("web", staff("web", roles=("Staff", "CUB Webmaster")))
    transaction.commit()
    url = f"{server}/@@autorites-controlpanel"

    def send(token: bool = True, **fields) -> tuple[int, str]:
        if token:
            page = http.get(url).text
            fields["_authenticator"] = re.search(
                r'name="_authenticator"[^>]*value="([^"]*)"', page
            )[1]
        answer = http.post(url, data=fields)
        return answer.status_code, unescape(answer.text)

    def listed() -> list[tuple[str, str]]:
        page = unescape(http.get(url).text)
        names = re.findall(r'id="authority-\d+"[^>]*>(.*?)</h2>', page, re.S)
        return [
            (name.strip(), address)
            for name, address in zip(
                names, re.findall(r"<code>(age1\w+)</code>", page), strict=True
            )
        ]

    send.listed = listed
    return send


def named(authority: Authority) -> tuple[str, str]:
    return authority.name, authority.recipient


def an_authority(name: str = "Pau", **changes: str) -> Authority:
    address = str(x25519.Identity.generate().to_public())
    key = address.encode().hex()[-64:]
    values = {"url": "https://pau.example.org/civis", "signing_key": key}
    return Authority(**{"name": name, "recipient": address} | values | changes)


def test_an_authority_is_added_and_taken_out(panel):
    pau = an_authority("Pau <b>")
    status, text = panel(action="add", line=f"  {pau.line}\n")
    assert status == 200
    assert "La collectivité est dans la liste" in text
    assert pau.fingerprint in text and "Pau <b></h2>" in text.replace("\n", "")
    assert panel.listed() == [named(pau)]
    lyon = an_authority("Lyon")
    panel(action="add", line=lyon.line, name=" Métropole  de Lyon ")
    renamed = ("Métropole de Lyon", lyon.recipient)
    assert panel.listed() == [named(pau), renamed]
    _status, text = panel(action="remove", recipient=pau.recipient)
    assert "n’est plus dans la liste" in text
    assert panel.listed() == [renamed]
    panel(action="remove", recipient=pau.recipient)
    assert panel.listed() == [renamed]


def test_what_is_wrong_is_said_and_nothing_kept(panel):
    pau = an_authority()
    panel(action="add", line=pau.line)
    wrong = {
        "Pau": "Ce n’est pas la ligne",
        pau.line.replace("age1", "age2"): "Ce n’est pas la ligne",
        f"{pau.line}\n{an_authority('Lyon').line}": "Ce n’est pas la ligne",
        an_authority("L" * 121).line: "120 caractères",
        an_authority("Lyon", url="javascript:alert(1)").line: "doit être entière",
        an_authority("Lyon", url="").line: "doit être entière",
        an_authority("Lyon", recipient=recipient()).line: "ce portail lui-même",
        an_authority("Lyon", signing_key=signing_publics()[0]).line: "ce portail",
        an_authority("PAU").line: "déjà dans la liste",
        an_authority("Lyon", recipient=pau.recipient).line: "déjà dans la liste",
        an_authority("Lyon", signing_key=pau.signing_key).line: "déjà dans la liste",
    }
    for line, reason in wrong.items():
        status, text = panel(action="add", line=line)
        assert (status, reason in text) == (422, True), (line, reason)
        # What was typed is still in the form.
        assert line.splitlines()[0] in text
    status, text = panel(action="add", line=an_authority("x").line, name="a|b")
    assert status == 422 and "sans le signe |" in text
    assert panel.listed() == [named(pau)]


def test_without_the_token_nothing_changes(panel):
    pau = an_authority()
    assert panel(token=False, action="add", line=pau.line)[0] == 403
    assert panel.listed() == []
    panel(action="add", line=pau.line)
    assert panel(token=False, action="remove", recipient=pau.recipient)[0] == 403
    assert panel.listed() == [named(pau)]
