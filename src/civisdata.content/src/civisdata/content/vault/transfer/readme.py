"""The texts in an archive for whoever unpacks it. They are content, in French."""

from civisdata.content.vault.transfer.manifest import Manifest
from civisdata.content.vault.transfer.signatures import fingerprint
from collections.abc import Sequence


_READ_ME = """\
VOS DOCUMENTS, TELS QUE VOUS LES AVEZ CONFIÉS À {name}

Cette archive a été faite le {made_at} (temps universel), à votre demande, sur
{url}

Ce qu’elle contient
- documents/ : vos documents, octet pour octet, rangés dans vos dossiers ;
- corbeille/ : ceux qui étaient dans votre corbeille, si vous les avez demandés ;
- manifest.json : tout ce que le portail sait de vous et de chaque document (titre,
  dossier, type, dates, notes, provenance, empreinte SHA-256), ainsi que vos
  inscription, choix et consentements ;
- signatures.json : les signatures du manifeste par vous et par le portail ;
- CONTROLE.txt et controle.json : le résultat du contrôle de chaque document au
  moment de l’envoi. Ces fichiers sont les derniers : s’ils manquent, l’archive est
  incomplète.

Les noms trop longs ou que certains ordinateurs refusent ont été adaptés ; les vrais
noms sont dans le manifeste.

Comment s’en servir
- Tout ordinateur ouvre cette archive : c’est un fichier ZIP ordinaire.
- Tout portail Civis Data l’importe : « Mon espace », puis « Importer une archive ».
- Le format est public et décrit dans la documentation de Civis Data
  (docs/reference/archive.md).

Clé de signature du portail : {key}
Son empreinte : {fingerprint}

Gardez cette archive en lieu sûr : une fois ouverte, ses documents ne sont plus
chiffrés.
"""

_WHOLE = "Tous les documents de cette archive ont été contrôlés : ils sont intacts."
_DAMAGED = "ATTENTION : des documents sont endommagés ; ils sont marqués ci-dessous."
_UNREADABLE = (
    "En outre, {count} élément(s) du coffre ne s’ouvrent plus et ne sont pas dans cette "
    "archive ; signalez-le à l’administration du portail."
)
_GOOD, _BAD = "intact    ", "ENDOMMAGÉ "


def read_me(manifest: Manifest) -> bytes:
    """Give ``LISEZ-MOI.txt``, with the line ends that every editor shows."""
    text = _READ_ME.format(
        name=manifest.portal.name,
        url=manifest.portal.url,
        made_at=manifest.made_at.replace("T", " à ").removesuffix("Z"),
        key=manifest.portal.signing_key,
        fingerprint=fingerprint(manifest.portal.signing_key),
    )
    return _encode(text)


def closing_text(
    paths: Sequence[tuple[str, str]], altered: set[str], unreadable: int
) -> bytes:
    """Give ``CONTROLE.txt``: as long whatever is in ``altered`` (ids of ``paths``)."""
    lines = [_padded(_DAMAGED if altered else _WHOLE, (_DAMAGED, _WHOLE))]
    if unreadable:
        lines.append(_UNREADABLE.format(count=unreadable))
    lines.append("")
    for id, path in paths:
        lines.append(_padded(_BAD if id in altered else _GOOD, (_BAD, _GOOD)) + path)
    return _encode("\n".join(lines) + "\n")


def _padded(text: str, all_texts: tuple[str, str]) -> str:
    longest = max(len(each.encode()) for each in all_texts)
    return text + " " * (longest - len(text.encode()))


def _encode(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode("utf-8-sig")
