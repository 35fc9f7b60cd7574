"""« Contrôle des documents »: the report of the night's check, ids and numbers only."""

from civisdata.content import _
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.vault.browser.texts import size_text
from civisdata.content.vault.scrub.examine import KINDS
from civisdata.content.vault.scrub.report import get_reports
from civisdata.content.vault.scrub.report import LISTED
from civisdata.content.vault.scrub.report import Report
from datetime import datetime
from Products.Five.browser import BrowserView
from zoneinfo import ZoneInfo


TITLES = {
    "missing": _("A file or record is missing"),
    "unreadable": _("It cannot be read"),
    "size": _("A part has another size"),
    "payload": _("The stored bytes have another checksum"),
    "header": _("The header is damaged or another one"),
    "record": _("The record is damaged or of another document"),
    "signature": _("The signature is wrong"),
    "signer": _("Signed by somebody unknown"),
    "box": _("The sealed title is missing or damaged"),
    "stray-box": _("A sealed title without its document"),
}
_PARIS = ZoneInfo("Europe/Paris")


def _time(moment: float) -> str:
    return datetime.fromtimestamp(moment, _PARIS).strftime("%d/%m/%Y %H:%M")


class ScrubReport(BrowserView):
    """``@@controle-documents``; read only."""

    page_title = _("Check of the stored documents")
    listed_at_most = LISTED

    def __call__(self) -> str:
        self.request.response.setHeader("Cache-Control", "private, no-store")
        reports = get_reports(get_spaces(self.context))
        self.last, self.current = reports.last, reports.current
        return self.index()

    def facts(self, report: Report) -> list[dict]:
        """A report in numbers."""
        rows = [(_("Begun"), _time(report.started))]
        if report.finished is not None:
            rows.append((_("Ended"), _time(report.finished)))
        rows += [
            (_("Spaces"), str(report.spaces)),
            (_("Documents examined"), str(report.documents)),
            (_("Bytes read"), size_text(report.bytes)),
            (_("Findings"), str(report.findings)),
        ]
        return [{"label": label, "value": value} for label, value in rows]

    def kinds(self, report: Report) -> list[dict]:
        """The findings of a report by kind, with their ids."""
        return [
            {
                "kind": kind,
                "title": TITLES[kind],
                "count": report.counts[kind],
                "ids": [row[1:] for row in report.listed if row[0] == kind],
            }
            for kind in KINDS
            if report.counts.get(kind)
        ]
