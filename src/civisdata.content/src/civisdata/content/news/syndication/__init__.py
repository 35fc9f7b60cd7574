"""Public news for other programs: Atom, JSON Feed, sitemap, metadata of pages."""
