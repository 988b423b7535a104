"""Several apps on one site; see `embedded/apps.py`."""

from embedded.mend import Swap, Take

MENDS = [
	Take(
		"__init__.py",
		"embedded.apps",
		(
			"get_app_path",
			"get_app_source_path",
			"get_pymodule_path",
			"get_module_list",
			"get_all_apps",
			"get_installed_apps",
			"_load_app_hooks",
			"get_hooks",
			"setup_module_map",
			"is_setup_complete",
		),
	),
	Take(
		"installer.py",
		"embedded.installer",
		("install_app", "remove_app", "add_to_installed_apps", "remove_from_installed_apps"),
	),
	Swap(
		"migrate.py", 'frappe.get_hooks("before_migrate")', 'frappe.get_hooks("before_migrate", app_name=app)'
	),
	Swap(
		"migrate.py",
		'frappe.get_hooks("override_doctype_class", {}).keys()',
		'frappe.get_hooks("override_doctype_class", {}, app_name=app).keys()',
	),
	Take("patches.py", "embedded.apps", ("get_all_patches",)),
	Take("model/sync.py", "embedded.apps", ("sync_all",)),
	Swap("utils/installed_apps.py", 'return ["frappe"]', "return frappe.get_installed_apps()"),
	# Hooks of the app in question, where the package asks for all of them.
	Swap(
		"model/module_utils.py",
		'get_hooks(hook="app_publisher")',
		'get_hooks(hook="app_publisher", app_name=app)',
	),
	Swap(
		"utils/install.py",
		'\tfrappe.get_hooks()\n\tapp_title = frappe.get_hooks()["app_title"][0]\n',
		'\tapp_title = frappe.get_hooks("app_title", app_name=app_name)[0]\n',
	),
	Swap(
		"desk/doctype/desktop_icon/desktop_icon.py",
		'if frappe.get_hooks()["app_title"][0] == self.label or',
		'if frappe.get_hooks("app_title", app_name=a)[0] == self.label or',
	),
	Swap(
		"desk/doctype/desktop_icon/desktop_icon.py",
		'permission_method = frappe.get_hooks()["add_to_apps_screen"][0].get(\n\t\t\t\t\t"has_permission", None\n\t\t\t\t)',
		'screens = frappe.get_hooks("add_to_apps_screen", app_name=a)\n\t\t\t\tpermission_method = screens[0].get("has_permission") if screens else None',
	),
	Swap(
		"desk/doctype/desktop_icon/desktop_icon.py",
		'\t\tapp_title = frappe.get_hooks("app_title")[0]\n\t\tapp_details = frappe.get_hooks("add_to_apps_screen")\n',
		'\t\tapp_title = frappe.get_hooks("app_title", app_name=a)[0]\n\t\tapp_details = frappe.get_hooks("add_to_apps_screen", app_name=a)\n',
	),
	Swap(
		"desk/doctype/desktop_icon/desktop_icon.py",
		'app_title = frappe.get_hooks("app_title")[0]\n\t\t\t\tapp_icon',
		'app_title = frappe.get_hooks("app_title", app_name=app_name)[0]\n\t\t\t\tapp_icon',
	),
	Swap(
		"apps.py",
		'app_details = frappe.get_hooks("add_to_apps_screen")\n\t\tif not len',
		'app_details = frappe.get_hooks("add_to_apps_screen", app_name=app)\n\t\tif not len',
	),
]
