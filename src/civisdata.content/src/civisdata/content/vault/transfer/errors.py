"""What can be wrong with an archive."""

from civisdata.content.vault.errors import VaultError


class ArchiveError(VaultError):
    """An archive that isn't taken in; ``detail`` names the part that is wrong.

    Reasons: ``archive`` (not one of this format), ``cut``, ``header`` (of the encrypted
    file), ``passphrase`` (wrong), ``work`` (its cost is too high), ``key`` (sealed to
    another one), ``altered`` (a chunk doesn't open), ``zip`` (compressed, encrypted,
    overlapping or too many members), ``manifest``, ``version``, ``citizen`` and
    ``portal`` (their signatures), ``closing``, ``member`` (missing), ``size`` and
    ``hash`` (of a document), ``quota``, ``folders`` (too many or too deep), ``former``
    (more of former portals than is kept).
    """

    def __init__(self, reason: str, detail: str = ""):
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


class WrongPassphrase(ArchiveError):
    """The passphrase doesn't open it; another one may."""

    def __init__(self):
        super().__init__("passphrase")
