"""Public documents read in the page: collective.documentviewer's settings and viewer."""

# First of all, so that documentviewer can be imported.
import civisdata.policy.compat  # noqa: F401
