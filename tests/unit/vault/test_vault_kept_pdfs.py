"""PDFs of office files that are kept of a share have bounds, and go with it."""

from civisdata.content.vault.sharing import storage
from civisdata.content.vault.sharing.storage import Share


def test_a_share_keeps_so_many(monkeypatch):
    monkeypatch.setattr(storage, "MAX_PREVIEWS", 2)
    share = Share("s", 1.0)
    assert "_previews" not in share.__dict__ and not share.previews
    share.forget("absent")
    for id in ("a", "b", "c"):
        share.entries[id] = b"x"
        share.keep_preview(id, b"12345")
    assert len(share.previews) == 2 and "c" in share.previews
    share.forget("c")
    assert "c" not in share.previews and "c" not in share.entries
    share.empty()
    assert not share.previews and not share.entries
