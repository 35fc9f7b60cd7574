"""REST services for partners."""

from civisdata.content.partners import registry  # noqa: F401
