"""Every rendition of every image your recipe declares, with a manifest that says so."""
