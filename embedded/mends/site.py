"""A site is a folder again.

The package takes the working folder for its site and environment variables for its configuration. A bench (and here)
has a folder with `site_config.json`; `frappe.init(site)` says which.
"""

from embedded.mend import Swap, Take
from embedded.runtime import VERSION

MENDS = [
	Swap("__init__.py", '__version__ = "0.0.1"', f'__version__ = "{VERSION}"'),
	Swap("__init__.py", '__title__ = "Frappe"', '__title__ = "Frappe Framework"'),
	Swap(
		"__init__.py",
		"def init(force: bool = False) -> None:",
		'def init(site: str | None = None, sites_path: str = ".", force: bool = False) -> None:',
	),
	Swap(
		"__init__.py",
		"\tlocal.app_path = os.getcwd()\n\tlocal.site_path = os.getcwd()\n",
		"\tfrom embedded import state\n\n"
		"\tlocal.site = state.site().name\n"
		"\tlocal.site_path = str(state.site())\n"
		"\tlocal.sites_path = str(state.site().parent)\n"
		"\tlocal.app_path = str(state.assets())\n",
	),
	Swap(
		"__init__.py",
		"\tlocal.session = _dict(user=",
		"\tlocal.initialised = False\n\tlocal.session = _dict(user=",
	),
	Take("config.py", "embedded.config", ("get_site_config",)),
	Take("__init__.py", "embedded.apps", ("get_site_name",)),
	# A bench's root is two levels above a site; `get_bench_path` serves for locks and for paths in messages.
	Swap(
		"utils/__init__.py",
		'return os.environ.get("FRAPPE_BENCH_ROOT") or os.getcwd()',
		'return os.path.dirname(getattr(frappe.local, "sites_path", None) or os.getcwd())',
	),
	Swap("utils/__init__.py", 'return ["frappe"]', "return [frappe.get_site_name()]"),
]
