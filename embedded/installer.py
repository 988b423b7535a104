"""Installing, migrating and removing apps in the same steps and with the same hooks as a bench."""

from typing import Any

import frappe

from embedded import apps


def install_app(name: str, verbose: bool = False, set_as_patched: bool = True, force: bool = False) -> None:
	"""Install one app on the open site."""
	from frappe.core.doctype.scheduled_job_type.scheduled_job_type import sync_jobs
	from frappe.installer import add_module_defs, set_all_patches_as_completed
	from frappe.model.module_utils import sync_customizations
	from frappe.model.sync import sync_for
	from frappe.utils.dashboard import sync_dashboards
	from frappe.utils.fixtures import sync_fixtures

	installed = frappe.get_installed_apps()
	if name in installed and not force:
		return
	hooks = frappe.get_hooks(app_name=name)
	_need(name, hooks.required_apps or [], installed)
	frappe.flags.in_install = name
	frappe.flags.ignore_in_install = False
	frappe.clear_cache()
	frappe.setup_module_map()
	for method in hooks.before_install or []:
		if frappe.get_attr(method)() is False:
			return
	_call("before_app_install", name)
	if name != "frappe":
		add_module_defs(name, ignore_if_duplicate=force)
	sync_for(name, force=force, reset_permissions=True)
	add_to_installed_apps(name)
	frappe.get_doc("Portal Settings", "Portal Settings").sync_menu()
	if set_as_patched:
		set_all_patches_as_completed(name)
	for method in hooks.after_install or []:
		frappe.get_attr(method)()
	_call("after_app_install", name)
	sync_jobs()
	sync_fixtures(name)
	sync_customizations(name)
	sync_dashboards(name)
	for method in hooks.after_sync or []:
		frappe.get_attr(method)()
	frappe.flags.in_install = False
	frappe.clear_cache()
	frappe.client_cache.erase_persistent_caches()
	frappe.db.commit()


def remove_app(
	app_name: str, dry_run: bool = False, yes: bool = False, no_backup: bool = False, force: bool = False
) -> None:
	"""Remove one app from the open site: its doctypes with their tables, its modules and all that belongs to them."""
	from frappe.installer import _delete_doctypes, _delete_modules

	if app_name not in frappe.get_installed_apps() and not force:
		return
	hooks = frappe.get_hooks(app_name=app_name)
	frappe.flags.in_uninstall = True
	for method in hooks.before_uninstall or []:
		frappe.get_attr(method)()
	_call("before_app_uninstall", app_name)
	modules = frappe.get_all("Module Def", filters={"app_name": app_name}, pluck="name")
	_delete_doctypes(_delete_modules(modules, dry_run=dry_run), dry_run=dry_run)
	if not dry_run:
		remove_from_installed_apps(app_name)
		frappe.db.commit()
		for method in hooks.after_uninstall or []:
			frappe.get_attr(method)()
		_call("after_app_uninstall", app_name)
	frappe.flags.in_uninstall = False
	frappe.db.commit()
	frappe.clear_cache()


def migrate() -> None:
	"""What `bench migrate` does on the open site; the connection is a new one afterwards."""
	from frappe.migrate import SiteMigration

	user = frappe.session.user
	SiteMigration(skip_search_index=True).run(site=None)
	frappe.init(force=True)
	frappe.connect()
	apps.forget()
	frappe.set_user(user)


def add_to_installed_apps(app_name: str, rebuild_website: bool = True) -> None:
	"""Note that an app is installed; from here on its hooks are active."""
	from frappe.installer import post_install

	installed = frappe.get_installed_apps()
	if app_name not in installed:
		apps.set_installed_apps([*installed, app_name])
		frappe.db.commit()
		if frappe.flags.in_install:
			post_install(rebuild_website)


def remove_from_installed_apps(app_name: str) -> None:
	"""Note that an app is gone; its hooks are no longer active."""
	installed = frappe.get_installed_apps()
	if app_name in installed:
		apps.set_installed_apps([app for app in installed if app != app_name])
		frappe.db.commit()


def _need(name: str, required: list[str], installed: list[str]) -> None:
	missing = [app for app in required if app.rpartition("/")[2] not in installed]
	if missing:
		raise frappe.ValidationError(
			f"{name} needs {', '.join(missing)}, which is not installed on this site."
		)


def _call(hook: str, *arguments: Any) -> None:
	for method in frappe.get_hooks(hook):
		frappe.get_attr(method)(*arguments)
