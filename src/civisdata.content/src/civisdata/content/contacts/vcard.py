"""A contact as vCard 4.0 (RFC 6350), for the address books of telephones and computers."""

from collections.abc import Mapping
from datetime import datetime
from datetime import UTC
import re


#: Octets of a line, without its end (RFC 6350, 3.2).
LINE = 75

CONTENT_TYPE = "text/vcard; charset=utf-8"


def escaped(text: str) -> str:
    """Return a value as text: backslash, comma, semicolon and line ends escaped."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub(r"([\\,;])", r"\\\1", text)
    return text.replace("\n", "\\n")


def parameter(text: str) -> str:
    """Return a quoted parameter, with what it may not hold encoded (RFC 6868)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("^", "^^")
    return '"' + text.replace("\n", "^n").replace('"', "^'") + '"'


def folded(line: str) -> str:
    """Return a line with its end, cut after 75 octets, never inside a character."""
    parts, current, room = [], "", LINE
    for sign in line:
        size = len(sign.encode())
        if size > room:
            parts.append(current)
            current, room = "", LINE - 1
        current += sign
        room -= size
    return "\r\n ".join([*parts, current]) + "\r\n"


def telephone(phone: str) -> str:
    """Return a « tel: » address (RFC 3966); French numbers in their global form.

    Short numbers and those of the services (08…) hold in France only: they say so.
    """
    digits = "".join(sign for sign in phone if sign in "+0123456789")
    if digits.startswith("+"):
        return f"tel:{digits}"
    if re.fullmatch(r"0[1-79][0-9]{8}", digits):
        return f"tel:+33{digits[1:]}"
    return f"tel:{digits};phone-context=+33"


def vcard(
    values: Mapping, uid: str, url: str, publisher: str, changed: datetime
) -> str:
    """Return the vCard of a contact.

    ``values`` are those of ``card.values_of``; ``publisher`` is the name of who keeps
    it, ``uid`` its UID in the portal, ``url`` its page.
    """
    person = values["kind"] == "person"
    organisation = values["service"] or ("" if person else values["title"])
    lines = [
        "BEGIN:VCARD",
        "VERSION:4.0",
        f"KIND:{'individual' if person else 'org'}",
        f"FN:{escaped(values['title'])}",
        f"UID:urn:uuid:{uid[:8]}-{uid[8:12]}-{uid[12:16]}-{uid[16:20]}-{uid[20:]}",
        f"REV:{changed.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"SOURCE:{url}/@@vcard",
        "LANG:fr",
    ]
    names = [part for part in (publisher, organisation) if part]
    if names:
        lines.append("ORG:" + ";".join(escaped(part) for part in names))
    if values["role"]:
        lines.append(f"TITLE:{escaped(values['role'])}")
    if values["phone"]:
        lines.append(f"TEL;VALUE=uri;TYPE=work:{telephone(values['phone'])}")
    if values["email"]:
        lines.append(f"EMAIL;TYPE=work:{escaped(values['email'])}")
    if values["address"]:
        street = ", ".join(values["address"].splitlines())
        label = parameter(values["address"])
        lines.append(f"ADR;TYPE=work;LABEL={label}:;;{escaped(street)};;;;")
    if values["website"]:
        lines.append(f"URL:{values['website']}")
    remarks = [values[name] for name in ("hours", "note") if values[name]]
    if values["example"]:
        remarks.append("Donnée d’exemple, à vérifier.")
    if remarks:
        lines.append("NOTE:" + escaped("\n".join(remarks)))
    lines.append("END:VCARD")
    return "".join(folded(line) for line in lines)
