"""The demonstration: a site of its own, a month of support played on it, and what happened as tables."""
