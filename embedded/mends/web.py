"""Answering requests.

The site's configuration is in its folder: no `.env` is read. Arguments are checked and converted by their types again
(`embedded/annotations.py`).
"""

from embedded.mend import Swap, Take

MENDS = [
	Swap(
		"utils/typing_validations.py",
		"\tannotations = func.__annotations__\n",
		"\tfrom embedded.annotations import resolved\n\n\tannotations = resolved(func)\n",
	),
	Take("utils/__init__.py", "embedded.bundles", ("get_assets_json",)),
	Swap("app.py", "from dotenv import load_dotenv\nload_dotenv()\n", ""),
	Swap("app.py", '"site": "frappe",', '"site": frappe.get_site_name(),'),
	Swap(
		"app.py",
		'assets_path = os.path.join(os.getcwd(), "assets")',
		'assets_path = os.path.join(frappe.local.app_path, "assets")',
	),
	Swap(
		"app.py",
		'files_path = os.path.join(os.getcwd(), "public", "files")',
		'files_path = frappe.get_site_path("public", "files")',
	),
]
