"""Install, migrate and uninstall: custom fields as data, standard records, version checks."""
