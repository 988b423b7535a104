"""The site this process has open. Frappe on a bench learns it from the folder it runs in; here it is said once."""

from pathlib import Path

_site: Path | None = None


def use(site: Path | None) -> None:
	"""Make `site` (a folder with site_config.json) the one every later `frappe.init` opens."""
	global _site
	_site = site


def is_open() -> bool:
	"""Whether a site is open in this process."""
	return _site is not None


def site() -> Path:
	"""Folder of the open site."""
	if _site is None:
		raise RuntimeError("No site is open. Use embedded.open_site() first.")
	return _site


def assets() -> Path:
	"""Folder that has `assets/` with the bundles of desk and website; they may not have been built."""
	from embedded import bundles

	return bundles.folder()
