"""The settings dialog: small pages, built from the declared settings."""
