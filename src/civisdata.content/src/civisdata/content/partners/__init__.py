"""Partners: sites and télé-services that talk to the portal with a key of their own."""
