"""Site configuration from `site_config.json`, as on a bench (the package reads environment variables instead)."""

import json
from pathlib import Path
from typing import Any

from embedded import state

DEFAULTS = {
	"db_type": "sqlite",
	"db_name": "site",
	"use_mysqlclient": 0,
	"redis_cache": "redis://embedded",
	"redis_queue": "redis://embedded",
	"disable_async": 1,
	"lang": "en",
	"max_file_size": 25 * 1024 * 1024,
	"skip_setup_wizard": 1,
	"mute_emails": 1,  # mail is queued and never sent
	"logging": 0,
	"server_script_enabled": 0,
	"developer_mode": 0,
	"allow_tests": 1,
	"webserver_port": 8000,
}


def get_site_config(
	sites_path: str | None = None, site_path: str | None = None, *, cached: bool = False
) -> Any:
	"""Configuration of the open site: what a site here needs, and over it the site's own file."""
	from frappe.types import _dict

	return _dict(DEFAULTS | read(Path(site_path) if site_path else state.site()))


def read(site: Path) -> dict[str, Any]:
	"""The site's own file."""
	file = site / "site_config.json"
	return json.loads(file.read_text()) if file.is_file() else {}


def write(site: Path, **values: Any) -> None:
	"""Set values in the site's own file."""
	site.mkdir(parents=True, exist_ok=True)
	(site / "site_config.json").write_text(json.dumps(read(site) | values, indent=1, sort_keys=True))
