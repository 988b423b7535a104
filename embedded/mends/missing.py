"""What the package left out or cannot do on the Pythons we serve.

- `frappe.tests.utils.generators` is imported when the framework is installed, but not shipped.
- Errors are reported to Sentry, whose package nobody needs here.
- The functions behind prints and PDF are stubs; see `embedded/pdf.py`.
- No compiled translations come along; an app's are read as they are written (`embedded/translations.py`).
- `type X = …` is Python 3.12; we also run on 3.11.
"""

from embedded.mend import Swap, Take

MENDS = [
	Take("utils/pdf.py", "embedded.pdf", ("get_pdf", "get_chrome_pdf", "pdf_body_html")),
	Take("gettext/translate.py", "embedded.translations", ("get_translations_from_mo",)),
	Swap(
		"utils/install.py",
		"\tfrom frappe.tests.utils.generators import _clear_test_log\n\n\t_clear_test_log()\n",
		"",
	),
	Swap("utils/error.py", "\tfrom frappe.utils.sentry import capture_exception\n", ""),
	Swap("utils/error.py", '\tcapture_exception(message=f"{title}\\n{traceback}")\n', ""),
	Swap(
		"desk/doctype/event/event.py",
		"\ttype EventLikeDict = Event | frappe._dict\n",
		'\tEventLikeDict: TypeAlias = "Event | frappe._dict"\n',
	),
]
