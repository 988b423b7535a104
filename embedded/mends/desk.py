"""The desk.

It shows every installed app, each with its own hooks; the package asks for one app, or for all hooks at once. The rest
are slips of its day in the scripts.
"""

from embedded.mend import Swap

BOOT = "boot.py"

MENDS = [
	Swap("hooks.py", "images/frappe-logo.svg", "images/frappe-framework-logo.svg"),
	Swap(
		BOOT,
		'for app_name in ["frappe"]:\n\t\tapps = frappe.get_hooks("add_to_apps_screen")',
		"for app_name in frappe.get_installed_apps():\n"
		'\t\tapps = frappe.get_hooks("add_to_apps_screen", app_name=app_name)',
	),
	Swap(BOOT, 'frappe.get_hooks("app_title")', 'frappe.get_hooks("app_title", app_name=app_name)'),
	Swap(BOOT, 'frappe.get_hooks("app_home")', 'frappe.get_hooks("app_home", app_name=app_name)'),
	Swap(BOOT, 'frappe.get_hooks("app_logo_url")', 'frappe.get_hooks("app_logo_url", app_name=app_name)'),
	Swap(BOOT, 'for app in ["frappe"]:', "for app in frappe.get_installed_apps():"),
	# Scripts that hooks add to a form lie in the app that names them.
	Swap(
		"desk/form/meta.py",
		"code_hook = frappe.get_hooks(hook, default={})",
		"code_hook = frappe.get_hooks(hook, default={}, app_name=app_name)",
	),
	Swap(
		"desk/doctype/global_search_settings/global_search_settings.py",
		'frappe.get_hooks(hook="global_search_doctypes")',
		'frappe.get_hooks(hook="global_search_doctypes", default={}, app_name=app)',
	),
	Swap(
		"utils/change_log.py", "app_hooks = frappe.get_hooks()", "app_hooks = frappe.get_hooks(app_name=app)"
	),
	Swap(
		"desk/page/setup_wizard/setup_wizard.py",
		'frappe.get_hooks().get("setup_wizard_stages")',
		'frappe.get_hooks(app_name=app_name).get("setup_wizard_stages")',
	),
	# The dashboard view has no filters, and broke asking them.
	Swap(
		"public/js/frappe/list/list_view.js",
		"this.filter_area.filter_list.get_filter_value",
		"this.filter_area?.filter_list.get_filter_value",
	),
	# A form that is drawn twice showed its messages twice.
	Swap(
		"public/js/frappe/form/layout.js",
		"\t\t$html.addClass(block_color).appendTo(this.message);",
		"\t\tthis.message.children().filter((_, old) => old.textContent === $html[0].textContent).remove();\n"
		"\t\t$html.addClass(block_color).appendTo(this.message);",
	),
	# The date picker in the registry has no seconds to hide.
	*(
		Swap(
			f"public/js/frappe/form/controls/{control}.js",
			'if (this.datepicker.opts.timeFormat.indexOf("s") == -1) {',
			'if (this.datepicker.timepicker?.$seconds && this.datepicker.opts.timeFormat.indexOf("s") == -1) {',
		)
		for control in ("time", "datetime")
	),
]
