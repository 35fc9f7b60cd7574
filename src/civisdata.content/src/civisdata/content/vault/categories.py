"""The types by which documents are filed (R15)."""

from civisdata.content import _


#: Id → title, in the order in which they are offered.
CATEGORIES = {
    "administrative": _("Administrative papers"),
    "local": _("Local papers (voter’s card…)"),
    "national": _("National papers (passport, identity card, taxes…)"),
    "work": _("Work (contract, pay slips…)"),
    "studies": _("Studies (diplomas…)"),
    "bills": _("Bills (gas, electricity…)"),
    "other": _("Other documents"),
}
DEFAULT = "other"
