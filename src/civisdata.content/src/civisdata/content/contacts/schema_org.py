"""A contact for search engines: schema.org, as JSON-LD."""

from collections.abc import Mapping


def contact_data(values: Mapping, url: str, place: str) -> dict:
    """Return a contact (``card.values_of``) as JSON-LD; ``place`` is whom it serves.

    What is only an example says nothing to search engines but its name.
    """
    person = values["kind"] == "person"
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Person" if person else "GovernmentOrganization",
        "name": values["title"],
        "url": url,
    }
    if values["example"]:
        return data
    data |= {
        "telephone": values["phone"],
        "email": values["email"],
        "sameAs": values["website"],
    }
    if person:
        data["jobTitle"] = values["role"]
    if values["address"]:
        data["address"] = {
            "@type": "PostalAddress",
            "streetAddress": ", ".join(values["address"].splitlines()),
            "addressCountry": "FR",
        }
    if place and not person:
        data["areaServed"] = {"@type": "AdministrativeArea", "name": place}
    return {name: value for name, value in data.items() if value}
