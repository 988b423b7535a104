"""Several apps on one site.

The package knows one app, itself. These functions are put in the places of its own in `frappe/__init__.py` and
`frappe/patches.py`; they ask the site (`installed_apps`, as a bench stores it) and the apps' own folders.
"""

import importlib
import inspect
import json
import os
import types
from pathlib import Path
from typing import Any

import frappe

from embedded import paths


def get_installed_apps(*, _ensure_on_bench: bool = False) -> list[str]:
	"""Apps of the open site in the order of their installation; none while the framework itself is laid down."""
	flags = getattr(frappe.local, "flags", None)
	if flags is None or flags.in_install_db:
		return []
	cached = getattr(frappe.local, "request_cache", None)
	if cached is not None and (apps := cached["installed_apps"].get("all")):
		return list(apps)
	if not frappe.db:
		frappe.connect()
	apps = json.loads(frappe.db.get_global("installed_apps") or "[]")
	if cached is not None and apps:
		cached["installed_apps"]["all"] = tuple(apps)
	return apps


def set_installed_apps(apps: list[str]) -> None:
	"""Store the apps of the open site and forget what was derived from them."""
	frappe.db.set_global("installed_apps", json.dumps(apps))
	forget()


def forget() -> None:
	"""Drop everything in this process that depends on which apps are installed."""
	frappe.local.request_cache.clear()
	frappe.local.doc_events_hooks = None
	for key in ("app_hooks", "app_modules"):
		frappe.cache.delete_value(key)
		frappe.client_cache.delete_value(key)
	frappe.clear_cache()
	frappe.setup_module_map()


def get_all_apps(with_internal_apps: bool = True, sites_path: str | None = None) -> list[str]:
	"""Every app there is, installed or not."""
	apps = [app.name for app in paths.apps()]
	return ["frappe", *apps] if with_internal_apps else apps


def get_app_path(app_name: str, *joins: str) -> str:
	"""Path inside an app's package."""
	return frappe.get_pymodule_path(app_name, *joins)


def get_app_source_path(app_name: str, *joins: str) -> str:
	"""Path beside an app's package."""
	return frappe.get_pymodule_path(app_name, "..", *joins)


def get_module_list(app_name: str = "frappe") -> list[str]:
	"""Module names in an app's modules.txt."""
	return frappe.get_file_items(get_app_path(app_name, "modules.txt"))


def setup_module_map(include_all_apps: bool = True) -> None:
	"""Fill `local.app_modules` (app to modules) and `local.module_app` (module to app) from every app there is."""
	modules = frappe.cache.get_value("app_modules")
	if not modules:
		modules = {app: [frappe.scrub(name) for name in get_module_list(app)] for app in get_all_apps()}
		frappe.cache.set_value("app_modules", modules)
	frappe.local.app_modules = modules
	frappe.local.module_app = {name: app for app, names in modules.items() for name in names}


def _load_app_hooks(app_name: str | None = None) -> dict[str, Any]:
	"""Hooks of one app, or of all installed ones one after the other."""
	hooks: dict[str, Any] = {}
	for app in [app_name] if app_name else get_installed_apps():
		module = importlib.import_module(f"{app}.hooks")
		for key, value in inspect.getmembers(module, predicate=_is_hook):
			if not key.startswith("_"):
				frappe.append_hook(hooks, key, value)
	return hooks


def _is_hook(value: Any) -> bool:
	return not isinstance(value, types.ModuleType | types.FunctionType | type)


def get_hooks(
	hook: str | None = None, default: Any = "_KEEP_DEFAULT_LIST", app_name: str | None = None
) -> Any:
	"""Hooks by name; of one app when `app_name` is given."""
	if app_name:
		hooks = frappe._dict(_load_app_hooks(app_name))
	else:
		hooks = frappe.client_cache.get_value("app_hooks")
		if hooks is None:
			hooks = _load_app_hooks()
			if hooks:
				frappe.client_cache.set_value("app_hooks", hooks)
	if hook:
		return hooks.get(hook, ([] if default == "_KEEP_DEFAULT_LIST" else default))
	return frappe._dict(hooks)


def get_all_patches(patch_type: Any = None) -> list[str]:
	"""Patches of every installed app."""
	from frappe.patches import get_patches_from_app

	return [
		patch for app in get_installed_apps() for patch in get_patches_from_app(app, patch_type=patch_type)
	]


def sync_all(force: int = 0, reset_permissions: bool = False) -> None:
	"""Sync doctypes and other standard records of every installed app."""
	from frappe.model.sync import sync_for
	from frappe.patches import _patch_mode

	_patch_mode(True)
	for app in get_installed_apps():
		sync_for(app, force, reset_permissions=reset_permissions)
	_patch_mode(False)
	frappe.clear_cache()


def get_site_name() -> str:
	"""Name of the open site."""
	return getattr(frappe.local, "site", None) or "embedded"


def is_setup_complete() -> bool:
	"""Whether the setup wizard is done. (The package asks whether a single has a table, which it never has.)"""
	return bool(frappe.db.get_single_value("System Settings", "setup_complete"))


def get_pymodule_path(modulename: str, *joins: str) -> str:
	"""Path inside a Python package."""
	if "public" not in joins:
		joins = tuple(frappe.scrub(part) for part in joins)
	package = importlib.import_module(frappe.scrub(modulename))
	return os.path.abspath(Path(package.__file__ or "").parent.joinpath(*joins))
