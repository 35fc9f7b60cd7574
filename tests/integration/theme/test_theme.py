"""The theme is installed, and what is served is what the sources say."""

from civisdata.theme import build
from plone import api
import pytest


SETTINGS = "plone.app.theming.interfaces.IThemeSettings"


def test_the_theme_is_on_everywhere(portal):
    assert api.portal.get_registry_record(f"{SETTINGS}.currentTheme") == "civisdata"
    assert api.portal.get_registry_record(f"{SETTINGS}.enabled") is True
    assert not api.portal.get_registry_record(f"{SETTINGS}.hostnameBlacklist")


def test_the_built_style_sheet_is_that_of_the_sources():
    assert build.TARGET.read_text() == build.style_sheet()
    assert build.FRAME.read_text() == build.with_versions(build.FRAME.read_text())


@pytest.mark.parametrize("kind", ["css/sources/*.css", "css/editor.css", "index.html"])
def test_nothing_comes_from_elsewhere(kind):
    for path in build.THEME.glob(kind):
        assert "http://" not in path.read_text().replace("http://www.w3.org/", "")
        assert "https://" not in path.read_text()
